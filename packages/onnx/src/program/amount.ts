/**
 * Numbers that may depend on lengths which only a run of the model knows (`batch`, `tokens`): sums of products of them, found from
 * their values in a few traces.
 */

/** `Σ factor · Π of`; with `over`, 1 divided by it. */
export interface Sum {
  readonly terms: readonly Term[];
  readonly over?: true;
}
export interface Term {
  readonly factor: number;
  /** Names of lengths, each once. */
  readonly of: readonly string[];
}
export type Amount = number | Sum;
export type Lengths = Readonly<Record<string, number>>;

export const isSum = (value: unknown): value is Sum => typeof value === 'object' && value !== null && 'terms' in value;

/** Equal amounts have equal keys. */
export const amountKey = (amount: Amount): string =>
  typeof amount === 'number'
    ? String(amount)
    : `${amount.over ? '1/' : ''}${amount.terms.map(({ factor, of }) => [factor, ...of].join('*')).join('+')}`;
export const shapeKey = (shape: readonly Amount[]): string => shape.map(amountKey).join();

export const valueAt = (amount: Amount, lengths: Lengths): number => {
  if (typeof amount === 'number') return amount;
  const sum = amount.terms.reduce(
    (total, { factor, of }) => total + of.reduce((product, name) => product * (lengths[name] ?? Number.NaN), factor),
    0,
  );
  return amount.over ? 1 / sum : sum;
};

/** `a + factor · b`, of sums that are not divided by. */
export function plus(a: Amount, b: Amount, factor = 1): Amount {
  const termsOf = (x: Amount, by: number): readonly Term[] =>
    typeof x === 'number'
      ? [{ factor: x * by, of: [] }]
      : x.terms.map((term) => ({ ...term, factor: term.factor * by }));
  const sums = new Map<string, Term>();
  for (const term of [...termsOf(a, 1), ...termsOf(b, factor)]) {
    const key = term.of.join('*');
    sums.set(key, { of: term.of, factor: term.factor + (sums.get(key)?.factor ?? 0) });
  }
  return amountOf([...sums.values()]);
}

function amountOf(terms: readonly Term[]): Amount {
  const kept = terms.filter(({ factor }) => factor !== 0);
  if (kept.every(({ of }) => of.length === 0)) return kept[0]?.factor ?? 0;
  return { terms: kept };
}

/**
 * The amount that has these values under these lengths; undefined where there is none.
 * @param grid  all combinations of two values a length: bit i of the place in the list says which of `names[i]`; behind them as many more as
 *   the amount must hold for too
 */
export function fitAmount(
  values: readonly number[],
  names: readonly string[],
  grid: readonly Lengths[],
): Amount | undefined {
  const [first = Number.NaN] = values;
  if (values.every((value) => Object.is(value, first))) return first;
  const plain = fitSum(values, names, grid);
  if (plain !== undefined) return plain;
  const turned = fitSum(
    values.map((value) => 1 / value),
    names,
    grid,
  );
  return isSum(turned) ? { ...turned, over: true } : undefined;
}

function fitSum(values: readonly number[], names: readonly string[], grid: readonly Lengths[]): Amount | undefined {
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
  const terms = factors.map((factor, at) => ({
    factor: Math.round(factor),
    of: names.filter((_, i) => at & (1 << i)),
  }));
  const made = amountOf(terms);
  const holds = values.every((value, i) => {
    const found = valueAt(made, grid[i] ?? {});
    return Math.abs(found - value) <= 1e-9 * Math.abs(value);
  });
  return holds ? made : undefined;
}
