/** Step scalars of several optimizers in one record: `inner.stepSize`, `average.decay`. `proceed` is everybody's. */

export const prefixed = <V>(prefix: string, record: Readonly<Record<string, V>>): Readonly<Record<string, V>> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}.${name}`, value]));

/** Those of one of them, with `proceed` where there is one. */
export function unprefixed<V>(prefix: string, record: Readonly<Record<string, V>>): Readonly<Record<string, V>> {
  const own = Object.entries(record).flatMap(([name, value]): [string, V][] =>
    name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), value]] : [],
  );
  return Object.fromEntries(record.proceed === undefined ? own : [...own, ['proceed', record.proceed]]);
}
