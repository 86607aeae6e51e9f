/**
 * Numbers that may depend on lengths which only a run of the model knows (`batch`, `tokens`), by their values in a few traces: sums of
 * products of lengths, or else what only a value's shape can tell (`⌊tokens / 2⌋` behind a pooling).
 */

export interface Free {
  /** In the traces, one by one. */
  readonly values: readonly number[];
  /** `Σ factor · Π of`. Absent: it is measured on a value that has it as a length. */
  readonly terms?: readonly Term[];
  /** 1 divided by the sum. */
  readonly over?: true;
}
export interface Term {
  readonly factor: number;
  /** Names of lengths, each once. */
  readonly of: readonly string[];
}
export type Amount = number | Free;
export type Lengths = Readonly<Record<string, number>>;

export const isFree = (value: unknown): value is Free =>
  typeof value === 'object' && value !== null && 'values' in value;

/** Equal amounts have equal keys. */
export const amountKey = (amount: Amount): string => {
  if (typeof amount === 'number') return String(amount);
  const { values, terms, over } = amount;
  if (terms === undefined) return `(${values.join()})`;
  return `${over ? '1/' : ''}${terms.map(({ factor, of }) => [...(factor === 1 && of.length > 0 ? [] : [factor]), ...of].join('*')).join('+')}`;
};
export const shapeKey = (shape: readonly Amount[]): string => shape.map(amountKey).join();

/** `a + factor · b`. */
export function plus(a: Amount, b: Amount, factor = 1): Amount {
  const count = Math.max(...[a, b].map((x) => (isFree(x) ? x.values.length : 1)));
  const at = (x: Amount, i: number): number => (isFree(x) ? (x.values[i] ?? Number.NaN) : x);
  const values = Array.from({ length: count }, (_, i) => at(a, i) + factor * at(b, i));
  const [first = 0] = values;
  if (values.every((value) => value === first)) return first;
  const [own, other] = [termsOf(a, 1), termsOf(b, factor)];
  if (own === undefined || other === undefined) return { values };
  const sums = new Map<string, Term>();
  for (const term of [...own, ...other]) {
    const key = term.of.join('*');
    sums.set(key, { of: term.of, factor: term.factor + (sums.get(key)?.factor ?? 0) });
  }
  return { values, terms: [...sums.values()].filter((term) => term.factor !== 0) };
}
function termsOf(x: Amount, by: number): readonly Term[] | undefined {
  if (!isFree(x)) return x === 0 ? [] : [{ factor: x * by, of: [] }];
  return x.over ? undefined : x.terms?.map((term) => ({ ...term, factor: term.factor * by }));
}

/**
 * The amount that has these values under these lengths.
 * @param grid  all combinations of two values a length: bit i of the place in the list says which of `names[i]`; behind them others, for
 *   which a sum must hold too
 */
export function fitAmount(values: readonly number[], names: readonly string[], grid: readonly Lengths[]): Amount {
  const [first = Number.NaN] = values;
  if (values.every((value) => Object.is(value, first))) return first;
  const terms = fitSum(values, names, grid);
  if (terms !== undefined) return { values, terms };
  const turned = fitSum(
    values.map((value) => 1 / value),
    names,
    grid,
  );
  return turned === undefined ? { values } : { values, terms: turned, over: true };
}

function fitSum(
  values: readonly number[],
  names: readonly string[],
  grid: readonly Lengths[],
): readonly Term[] | undefined {
  const factors = values.slice(0, 2 ** names.length);
  for (const [i, name] of names.entries()) {
    const [low, high] = [grid[0]?.[name] ?? 0, grid[1 << i]?.[name] ?? 1];
    for (let at = 0; at < factors.length; at++) {
      if (at & (1 << i)) continue;
      const [a, b] = [factors[at] as number, factors[at | (1 << i)] as number];
      const slope = (b - a) / (high - low);
      factors[at] = a - slope * low;
      factors[at | (1 << i)] = slope;
    }
  }
  const terms = factors
    .map((factor, at): Term => ({ factor: Math.round(factor), of: names.filter((_, i) => at & (1 << i)) }))
    .filter(({ factor }) => factor !== 0);
  const holds = values.every((value, i) => Math.abs(sumAt(terms, grid[i] ?? {}) - value) <= 1e-9 * Math.abs(value));
  return holds ? terms : undefined;
}

const sumAt = (terms: readonly Term[], lengths: Lengths): number =>
  terms.reduce(
    (total, { factor, of }) => total + of.reduce((product, name) => product * (lengths[name] ?? Number.NaN), factor),
    0,
  );
