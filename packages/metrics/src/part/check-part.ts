/** What every metric asks of its input before it counts anything. */
import { DendriteError, type Label, type MetricPart, type Probabilities } from '@dendrite/spec';

/** The number of examples of a part whose lengths agree and whose weights are weights. */
export function checkPart(name: string, { expected, predicted, sampleWeight }: MetricPart): number {
  const rows = expected.length;
  if (predicted.length !== rows) {
    throw new DendriteError(
      'SHAPE',
      `${name}: predicted must be as many as expected, got ${predicted.length} and ${rows}. Predict the rows that the labels belong to.`,
    );
  }
  if (sampleWeight === undefined) return rows;
  if (sampleWeight.length !== rows) {
    throw new DendriteError(
      'SHAPE',
      `${name}: sampleWeight must have one weight an example, got ${sampleWeight.length} for ${rows}. Leave it out to weigh all alike.`,
    );
  }
  for (let i = 0; i < rows; i++) {
    const weight = sampleWeight[i] as number;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new DendriteError(
        'DATA',
        `${name}: sampleWeight must be finite and at least 0, got ${weight} at ${i}. Correct that weight.`,
      );
    }
  }
  return rows;
}

/** The weight of example `i`: 1 where there are none. */
export const weightOf = ({ sampleWeight }: MetricPart, i: number): number =>
  sampleWeight === undefined ? 1 : (sampleWeight[i] as number);

/**
 * Whether two labels are the same one. A text is never a number: `'1'` against `1` throws, for it would quietly score 0.
 * @throws DATA  if their types differ
 */
export function sameLabel(name: string, expected: Label, predicted: Label): boolean {
  if (typeof expected !== typeof predicted) {
    throw new DendriteError(
      'DATA',
      `${name}: expected and predicted labels must be of one type, got ${show(expected)} (${typeof expected}) and ${show(predicted)} (${typeof predicted}). Convert one side, with String() or Number().`,
    );
  }
  return expected === predicted;
}

/** The finite-or-not number at `i`; a metric of regression takes nothing else. */
export function numberAt(name: string, what: 'expected' | 'predicted', values: ArrayLike<Label>, i: number): number {
  const value = values[i];
  if (typeof value !== 'number') {
    throw new DendriteError(
      'DATA',
      `${name}: ${what} must be numbers, got ${show(value)} at ${i}. For labels use a metric of classification, such as accuracy.`,
    );
  }
  return value;
}

/** Probabilities and the place of each label in a row, where a metric cannot do without. */
export function checkProbabilities(
  name: string,
  part: MetricPart,
): { readonly probabilities: Probabilities; readonly columns: ReadonlyMap<Label, number> } {
  const { probabilities, labels, expected } = part;
  if (probabilities === undefined || labels === undefined) {
    throw new DendriteError(
      'DATA',
      `${name}: probabilities and labels must be there, got ${probabilities === undefined ? 'no probabilities' : 'no labels'}. Use a model whose capabilities say probabilities: true.`,
    );
  }
  const [rows, columns] = probabilities.shape;
  if (rows !== expected.length || columns !== labels.length || probabilities.data.length !== rows * columns) {
    throw new DendriteError(
      'SHAPE',
      `${name}: probabilities must be [examples, labels] = [${expected.length}, ${labels.length}], got [${rows}, ${columns}] with ${probabilities.data.length} numbers. Pass those of the same rows.`,
    );
  }
  return { probabilities, columns: new Map(labels.map((label, column) => [label, column])) };
}

/** The column of a label that must be known. */
export function columnOf(name: string, columns: ReadonlyMap<Label, number>, label: Label): number {
  const column = columns.get(label);
  if (column === undefined) {
    throw new DendriteError(
      'DATA',
      `${name}: each label must be one of ${columns.size} (${[...columns.keys()].slice(0, 5).map(show).join(', ')}${columns.size > 5 ? ', …' : ''}), got ${show(label)}. Evaluate on labels that the model was trained on.`,
    );
  }
  return column;
}

/** What a metric of nothing says. */
export const nothing = (name: string): DendriteError =>
  new DendriteError(
    'DATA',
    `${name}: there must be at least one example with a weight above 0, got none. Check that the data, or the part held out, has rows.`,
  );

const show = (label: Label | undefined): string => (typeof label === 'string' ? JSON.stringify(label) : String(label));
