/** What curves and areas need: every row's label, probabilities and weight. Kept in parts that are joined without copying. */
import { DendriteError, type Label, type MetricPart } from '@dendrite/spec';
import { checkPart, checkProbabilities, columnOf, nothing, weightOf } from '../part/check-part.ts';

interface Chunk {
  readonly labels: readonly Label[];
  /** Column of each row's expected label. */
  readonly codes: Int32Array;
  /** Row-major `[rows, labels]`. */
  readonly probabilities: Float32Array;
  readonly weights: Float64Array;
}
/** A tree of parts: joining two costs nothing, and no state that was handed out changes. */
export type ScoredRows = Chunk | { readonly joined: readonly [ScoredRows, ScoredRows] } | null;

export function addScores(name: string, state: ScoredRows, part: MetricPart): ScoredRows {
  const rows = checkPart(name, part);
  if (rows === 0) return state;
  const { probabilities, columns } = checkProbabilities(name, part);
  return joinScores(state, {
    labels: [...columns.keys()],
    codes: Int32Array.from({ length: rows }, (_, i) => columnOf(name, columns, part.expected[i] as Label)),
    probabilities: probabilities.data.slice(0, rows * columns.size),
    weights: Float64Array.from({ length: rows }, (_, i) => weightOf(part, i)),
  });
}

export const joinScores = (a: ScoredRows, b: ScoredRows): ScoredRows =>
  a === null ? b : b === null ? a : { joined: [a, b] };

/**
 * All parts as one, without the rows that weigh nothing.
 * @throws DATA  if there is none, a probability is NaN, or the parts name other labels
 */
export function allScores(name: string, state: ScoredRows): Chunk {
  const chunks: Chunk[] = [];
  const open: ScoredRows[] = [state];
  while (open.length > 0) {
    const next = open.pop() ?? null;
    if (next === null) continue;
    if ('joined' in next) open.push(next.joined[1], next.joined[0]);
    else chunks.push(next);
  }
  const [first] = chunks;
  if (first === undefined) throw nothing(name);
  const { labels } = first;
  const other = chunks.find((chunk) => String(chunk.labels) !== String(labels));
  if (other !== undefined)
    throw new DendriteError(
      'DATA',
      `${name}: all parts must have the labels ${labels.join(', ')} in one order, got ${other.labels.join(', ')}. Measure one model at a time.`,
    );
  const kept = chunks.flatMap((chunk) =>
    Array.from(chunk.weights.keys()).flatMap((row) => (chunk.weights[row] === 0 ? [] : [{ chunk, row }])),
  );
  if (kept.length === 0) throw nothing(name);
  const width = labels.length;
  const probabilities = new Float32Array(kept.length * width);
  for (const [i, { chunk, row }] of kept.entries())
    probabilities.set(chunk.probabilities.subarray(row * width, (row + 1) * width), i * width);
  if (probabilities.some(Number.isNaN))
    throw new DendriteError(
      'DATA',
      `${name}: probabilities must not be NaN, got some. A model that predicts NaN has lost its weights.`,
    );
  return {
    labels,
    codes: Int32Array.from(kept, ({ chunk, row }) => chunk.codes[row] ?? 0),
    probabilities,
    weights: Float64Array.from(kept, ({ chunk, row }) => chunk.weights[row] ?? 0),
  };
}

/** A score for each row, whether it is positive, and its weight: what one curve is drawn from. */
export interface Ranking {
  readonly score: (row: number) => number;
  readonly positive: (row: number) => boolean;
  readonly weight: (row: number) => number;
  readonly rows: number;
}

/** Of one label against the rest. @throws DATA  if the label is not known */
export function rankingOf(name: string, chunk: Chunk, label: Label | undefined): Ranking {
  const { labels, codes, probabilities, weights } = chunk;
  const column = label === undefined ? labels.length - 1 : labels.indexOf(label);
  if (column < 0 || (label === undefined && labels.length !== 2))
    throw new DendriteError(
      'DATA',
      `${name}: positive must be one of the labels ${labels.join(', ')}, got ${String(label)}. Only of two labels the second is taken by itself.`,
    );
  return {
    rows: codes.length,
    score: (row) => probabilities[row * labels.length + column] ?? Number.NaN,
    positive: (row) => codes[row] === column,
    weight: (row) => weights[row] ?? 0,
  };
}

/** Places of equal score, from the highest score down, with the weight of the positive and the negative rows. */
export interface Step {
  readonly score: number;
  readonly positive: number;
  readonly negative: number;
}

export function stepsOf({ rows, score, positive, weight }: Ranking): readonly Step[] {
  const order = Array.from({ length: rows }, (_, row) => row).sort((a, b) => score(b) - score(a));
  const steps: { score: number; positive: number; negative: number }[] = [];
  for (const row of order) {
    let last = steps.at(-1);
    if (last?.score !== score(row)) {
      last = { score: score(row), positive: 0, negative: 0 };
      steps.push(last);
    }
    last[positive(row) ? 'positive' : 'negative'] += weight(row);
  }
  return steps;
}

/** @throws DATA  unless there are both: a curve of one class alone means nothing */
export function totalsOf(
  name: string,
  steps: readonly Step[],
): { readonly positive: number; readonly negative: number } {
  const positive = steps.reduce((sum, step) => sum + step.positive, 0);
  const negative = steps.reduce((sum, step) => sum + step.negative, 0);
  if (positive === 0 || negative === 0)
    throw new DendriteError(
      'DATA',
      `${name}: there must be rows of the label and of others, got a weight of ${positive} and ${negative}. Measure on data that has both.`,
    );
  return { positive, negative };
}
