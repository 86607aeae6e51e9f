/**
 * Data made ready for training, in this order: taken apart, targets coded, split, preprocessing fitted on the training
 * part alone, both parts encoded. What not every fit needs is loaded when one does: pages stay small.
 */

import type { Capabilities, Data, FitOptions, HostKey, Label } from '@dendrite/spec';
import { encodeColumns } from '../conversion/encode-columns.ts';
import { takeExamples } from '../conversion/examples.ts';
import { forms } from '../conversion/forms.ts';
import type { ColumnData, TrainingData } from '../definition/definition.ts';
import { dataFingerprint } from '../fingerprint/fingerprint.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { fitPreprocessing, kindsOf } from './fit-preprocessing.ts';
import { checkLearnable, type EncodedExamples, encodeTargets } from './targets.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const encoding = () => import('../conversion/encode-source.ts');
const weighing = () => import('./weights.ts');

export interface PrepareOptions {
  readonly capabilities: Pick<Capabilities, 'task' | 'data'>;
  /** Numbers of tables to mean 0 and deviation 1; only where batches are read. */
  readonly standardise: boolean;
  readonly missing: 'error' | 'mask';
  readonly key: HostKey;
  readonly validation?: FitOptions['validation'];
  readonly classWeight?: FitOptions['classWeight'];
  /** Those of a model to go on from. */
  readonly known?: { readonly labels: readonly Label[]; readonly preprocessing: Preprocessing };
  readonly where: string;
}
export interface Prepared {
  readonly data: TrainingData<Capabilities['data']>;
  readonly validation?: TrainingData<Capabilities['data']>;
  readonly labels: readonly Label[];
  readonly preprocessing: Preprocessing;
  readonly classWeight?: Float32Array;
  /** Of the data as given, before any split. */
  fingerprint(): Promise<string>;
  /** Of the validation data, where they are data of their own. */
  validationFingerprint?(): Promise<string>;
}

export async function prepareTraining(given: Data, options: PrepareOptions): Promise<Prepared> {
  const { capabilities, validation, classWeight, known, where } = options;
  const { task } = capabilities;
  const examples = await takeExamples(given, where, kindsOf(known?.preprocessing));
  const all = await encodeTargets(examples, task, known?.labels, where);
  await checkLearnable(all, task, where);
  const apart = validation === undefined ? undefined : await import('./validation.ts');
  const { train, held } =
    typeof validation === 'number' && apart
      ? await apart.split(all, validation, options)
      : { train: all, held: undefined };
  if (held) await checkLearnable(train, task, where);
  const preprocessing = known?.preprocessing ?? (await fitPreprocessing(train, options));
  const data = await encode(train, preprocessing, options);
  const own =
    validation === undefined || typeof validation === 'number'
      ? undefined
      : await apart?.ownData(validation, all.labels, preprocessing, options);
  const rest = held ?? own;
  const weigh = classWeight === undefined ? undefined : await weighing();
  weigh?.checkWeighable(task, where);
  return {
    data,
    ...(rest && { validation: await encode(rest, preprocessing, { ...options, where: `${where} validation` }) }),
    labels: all.labels,
    preprocessing,
    ...(classWeight !== undefined &&
      weigh && {
        classWeight: weigh.classWeights(classWeight, all.labels, train.targets, where),
      }),
    fingerprint: () => fingerprintOf(all),
    ...(own && { validationFingerprint: () => fingerprintOf(own) }),
  };
}

/** Encodes features and targets for a model of this kind. */
export async function encode(
  examples: EncodedExamples,
  preprocessing: Preprocessing,
  { capabilities, missing, where }: Pick<PrepareOptions, 'capabilities' | 'missing' | 'where'>,
): Promise<TrainingData<Capabilities['data']>> {
  const { features, targets, labels, sampleWeight } = examples;
  if (capabilities.data === 'batches') {
    const parts = {
      targets,
      ...(capabilities.task === 'classification' && { labels }),
      ...(sampleWeight && { sampleWeight }),
    };
    const { encodeSource } = await encoding();
    return encodeSource(features, preprocessing, where, parts);
  }
  const table = await encodeColumns(features, preprocessing, missing, where, forms);
  const weights =
    features.form === 'source'
      ? await (await forms.source()).sourceWeights(features.source)
      : sampleWeight && (await weighing()).checkedWeights(sampleWeight, where);
  const columns: ColumnData = { table, targets, ...(weights && { sampleWeight: weights }) };
  return columns;
}

function fingerprintOf({ features, targets, labels, sampleWeight }: EncodedExamples): Promise<string> {
  if (features.form === 'source') return features.source.fingerprint();
  return dataFingerprint({
    targets,
    labels,
    ...(features.form === 'table' ? { table: features.table } : features.x),
    ...(sampleWeight && { sampleWeight: Float64Array.from(sampleWeight) }),
  });
}
