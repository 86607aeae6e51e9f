/** Targets as numbers: codes into labels, or plain numbers; and what makes them impossible to learn. */
import type { Label } from '@dendrite/spec';
import type { Examples } from '../conversion/examples.ts';
import { forms } from '../conversion/forms.ts';
import { labelCodes } from '../labels/label-codes.ts';

/** Loaded where a model is gone on from, and where the data are not as they must be. */
const knowing = () => import('../labels/known-labels.ts');
const dataErrors = () => import('../conversion/data-errors.ts');

export interface EncodedTargets {
  readonly labels: readonly Label[];
  readonly targets: Int32Array | Float64Array;
}
export interface EncodedExamples extends Omit<Examples, 'targets'>, EncodedTargets {}

/** Codes the targets into `known` labels, or into their own. A source's codes follow it. */
export async function encodeTargets(
  examples: Examples,
  task: 'classification' | 'regression',
  known: readonly Label[] | undefined,
  where: string,
): Promise<EncodedExamples> {
  const { features } = examples;
  if (features.form !== 'source')
    return { ...examples, ...(await fromValues(examples.targets ?? [], task, known, where)) };
  const { checkNumbers, labelledSource } = await forms.source();
  if (task === 'regression') {
    checkNumbers(features.source, where);
    return { ...examples, labels: [], targets: await numbers(features.source.targets(), where) };
  }
  const { source, labels } = labelledSource(features.source, known, where);
  return { ...examples, features: { ...features, source }, labels, targets: Int32Array.from(source.targets()) };
}

async function fromValues(
  values: ArrayLike<Label>,
  task: 'classification' | 'regression',
  known: readonly Label[] | undefined,
  where: string,
): Promise<EncodedTargets> {
  if (task === 'regression') return { labels: [], targets: await numbers(values, where) };
  if (known) return { labels: known, targets: (await knowing()).codesOf(values, known, where) };
  const { labels, codes } = labelCodes(values, where);
  const broken = labels.filter((label) => typeof label === 'number' && !Number.isInteger(label)).length;
  if (broken > 20 && labels.length > values.length / 2)
    throw (await dataErrors()).noClasses(labels.length, values.length, where);
  return { labels, targets: codes };
}

async function numbers(values: ArrayLike<Label>, where: string): Promise<Float64Array> {
  // A plain loop: calls of a function for each value take three times as long where the compiler has not seen it yet.
  const found = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw (await dataErrors()).notFinite(value, i, where);
    found[i] = value;
  }
  return found;
}

/** @throws DATA  where no row, or only one class, is there to learn from */
export async function checkLearnable(
  { rows, labels, targets }: EncodedExamples,
  task: 'classification' | 'regression',
  where: string,
): Promise<void> {
  if (rows === 0) throw (await dataErrors()).noRows(where);
  if (task === 'regression' || targets.some((code) => code !== targets[0])) return;
  throw (await dataErrors()).oneClass(labels[targets[0] ?? 0] ?? '', rows, where);
}
