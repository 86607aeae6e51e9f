/** A score beside the one that it must reach. */

export interface ScoreRow {
  readonly name: string;
  readonly measure: 'accuracy' | 'R²' | 'error %';
  /** Means over the seeds or draws, and the standard deviation of `score` over them. */
  readonly score: number;
  readonly deviation: number;
  readonly outOfBag: number;
  readonly runs: number;
  /** scikit-learn's. */
  readonly reference: number;
  readonly referenceOutOfBag?: number;
  /** What the score must be: at least so much, or, for an error, so far from the reference at most. */
  readonly bar: { readonly least: number } | { readonly within: number };
  readonly reached: boolean;
}
/** What is known of a row before it is measured. */
export type Expected = Pick<ScoreRow, 'name' | 'measure' | 'reference' | 'referenceOutOfBag' | 'bar'>;

export function scoreRow(
  expected: Expected,
  runs: readonly { readonly score: number; readonly outOfBag: number }[],
): ScoreRow {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const scores = runs.map(({ score }) => score);
  const score = mean(scores);
  const deviation = Math.sqrt(
    scores.reduce((sum, value) => sum + (value - score) ** 2, 0) / Math.max(1, scores.length - 1),
  );
  const { bar, reference } = expected;
  return {
    ...expected,
    score,
    deviation,
    outOfBag: mean(runs.map(({ outOfBag }) => outOfBag)),
    runs: runs.length,
    reached: 'least' in bar ? score >= bar.least : Math.abs(score - reference) <= bar.within,
  };
}

export const heading: string = line(['', 'ours', 'out of bag', 'runs', 'scikit-learn', 'out of bag', 'must be', '']);

/** A row of the table for people. */
export function printed({ name, measure, reference, referenceOutOfBag, bar, reached, runs, ...own }: ScoreRow): string {
  const digits = measure === 'error %' ? 2 : 4;
  const format = (value: number): string => value.toFixed(digits);
  const must = 'least' in bar ? `≥ ${format(bar.least)}` : `± ${bar.within}`;
  return line([
    `${name}, ${measure}`,
    `${format(own.score)} ± ${format(own.deviation)}`,
    format(own.outOfBag),
    String(runs),
    format(reference),
    referenceOutOfBag === undefined ? '' : format(referenceOutOfBag),
    must,
    reached ? 'reached' : 'MISSED',
  ]);
}

function line([name = '', ...cells]: readonly string[]): string {
  const widths = [17, 12, 6, 14, 12, 12, 9];
  return `${name.padEnd(30)}${cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('')}`.trimEnd();
}
