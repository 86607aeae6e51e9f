/** Numbers as people read them: four significant digits, thousands apart, the same in every locale. */

/** `12,345`, `0.1235`, `1.2e-7`; NaN and infinities by name. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return sign(Number(value.toPrecision(3)).toExponential());
  const [whole = '0', fraction] = Number(size >= 1000 ? value.toFixed(size >= 10_000 ? 0 : 1) : value.toPrecision(4))
    .toString()
    .split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return sign(fraction === undefined ? grouped : `${grouped}.${fraction}`);
}

/** `98.95 %` of a share of 0.9895, with as many decimals as asked. */
export const formatPercent = (share: number, decimals: number = 1): string =>
  Number.isFinite(share) ? `${sign((100 * share).toFixed(decimals))} %` : formatNumber(share);

const sign = (text: string): string => text.replace('e+', 'e').replaceAll('-', '−');
