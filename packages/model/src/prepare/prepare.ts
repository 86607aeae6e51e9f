/**
 * Data made ready for training, in this order: taken apart, targets coded, split, preprocessing fitted on the training
 * part alone, both parts encoded.
 */
import {
  type Capabilities,
  type Data,
  DendriteError,
  type FitOptions,
  type HostKey,
  type Label,
  type TensorSpec,
} from '@dendrite/spec';
import { encodeColumns, encodeSource, storedDtype } from '../conversion/encode.ts';
import { type Examples, takeExamples } from '../conversion/examples.ts';
import type { Features } from '../conversion/features.ts';
import { sourceTable, sourceWeights } from '../conversion/source-table.ts';
import type { ColumnData, TrainingData } from '../definition/definition.ts';
import { dataFingerprint } from '../fingerprint/fingerprint.ts';
import { classWeights } from '../labels/class-weights.ts';
import { fitTablePreprocessing, type Preprocessing } from '../preprocessing/preprocessing.ts';
import { splitIndices } from '../split/split.ts';
import { selectRows } from '../table/table.ts';
import { checkLearnable, type EncodedExamples, encodeTargets } from './targets.ts';

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
}

export async function prepareTraining(given: Data, options: PrepareOptions): Promise<Prepared> {
  const { capabilities, validation, classWeight, known, where } = options;
  const { task } = capabilities;
  const all = encodeTargets(takeExamples(given, where, kindsOf(known?.preprocessing)), task, known?.labels, where);
  checkLearnable(all, task, where);
  const { train, held } =
    typeof validation === 'number' ? split(all, validation, options) : { train: all, held: undefined };
  if (held) checkLearnable(train, task, where);
  const preprocessing = known?.preprocessing ?? (await fitPreprocessing(train, options));
  const data = await encode(train, preprocessing, options);
  const rest =
    held ??
    (validation === undefined || typeof validation === 'number'
      ? undefined
      : checked(validation, all.labels, preprocessing, options));
  if (classWeight !== undefined && task === 'regression')
    throw new DendriteError(
      'OPTION',
      `${where}: classWeight is for classifiers, got it for a regression model. Weigh rows with sampleWeight.`,
    );
  return {
    data,
    ...(rest && { validation: await encode(rest, preprocessing, { ...options, where: `${where} validation` }) }),
    labels: all.labels,
    preprocessing,
    ...(classWeight !== undefined && { classWeight: classWeights(classWeight, all.labels, train.targets, where) }),
    fingerprint: () => fingerprintOf(all),
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
    return encodeSource(features, preprocessing, where, parts);
  }
  const table = await encodeColumns(features, preprocessing, missing, where);
  const weights =
    features.form === 'source'
      ? await sourceWeights(features.source)
      : sampleWeight && checkedWeights(sampleWeight, where);
  const columns: ColumnData = { table, targets, ...(weights && { sampleWeight: weights }) };
  return columns;
}

/** What the inputs are, learned from the training part. */
export async function fitPreprocessing(
  { features, target }: Examples,
  { capabilities, standardise, where }: Pick<PrepareOptions, 'capabilities' | 'standardise' | 'where'>,
): Promise<Preprocessing> {
  const batches = capabilities.data === 'batches';
  if (features.form === 'values') {
    const { data, shape } = features.x;
    const dtype = data instanceof Uint8Array ? 'uint8' : data instanceof Int32Array ? 'int32' : 'float32';
    return checkedWidth({ kind: 'values', shape: shape.slice(1), dtype }, where);
  }
  if (features.form === 'source') {
    const { feature, names, columns } = features.source;
    const table = batches || !columns ? undefined : await sourceTable(features.source);
    // Columns of text or with gaps need their own plan; plain numbers are known by their place as well as by name.
    if (table?.columns.some(({ kind, missing }) => kind !== 'number' || missing))
      return fitTablePreprocessing(table, { standardise: false, oneHot: false, where });
    return checkedWidth(
      { kind: 'values', shape: feature.shape, dtype: storedDtype(feature.dtype), ...(names && { names }) },
      where,
    );
  }
  if (features.table.columns.length === 0)
    throw new DendriteError('DATA', `${where}: the data must have a column besides the target, got none.`);
  return fitTablePreprocessing(features.table, {
    standardise: batches && standardise,
    oneHot: batches,
    where,
    ...(target !== undefined && { target }),
  });
}

/** The encoded example's shape and dtype, where a model reads batches. */
export function featureOf(preprocessing: Preprocessing): TensorSpec {
  if (preprocessing.kind === 'values') return { shape: preprocessing.shape, dtype: preprocessing.dtype };
  const width = preprocessing.columns.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);
  return { shape: [width], dtype: 'float32' };
}

/** Kinds of columns by name, so that a column without values in new data is still understood. */
export function kindsOf(
  preprocessing: Preprocessing | undefined,
): ReadonlyMap<string, 'number' | 'category' | 'boolean' | 'date'> | undefined {
  return preprocessing?.kind === 'table'
    ? new Map(preprocessing.columns.map(({ name, kind }) => [name, kind]))
    : undefined;
}

function checked(
  validation: Data,
  labels: readonly Label[],
  preprocessing: Preprocessing,
  { capabilities, where }: PrepareOptions,
): EncodedExamples {
  const place = `${where} validation`;
  const examples = encodeTargets(
    takeExamples(validation, place, kindsOf(preprocessing)),
    capabilities.task,
    capabilities.task === 'classification' ? labels : undefined,
    place,
  );
  if (examples.rows === 0) throw new DendriteError('DATA', `${place}: the data must have at least one row, got 0.`);
  return examples;
}

function split(
  all: EncodedExamples,
  fraction: number,
  { capabilities, key, where }: PrepareOptions,
): { readonly train: EncodedExamples; readonly held: EncodedExamples } {
  const codes = capabilities.task === 'classification' ? { codes: all.targets } : {};
  const parts = splitIndices({
    rows: all.rows,
    fraction,
    key: key.fork('validation'),
    where: `${where} validation`,
    ...codes,
  });
  return { train: selected(all, parts.train), held: selected(all, parts.held) };
}

function selected(examples: EncodedExamples, indices: Uint32Array): EncodedExamples {
  const pick = (from: ArrayLike<number>): Float64Array => Float64Array.from(indices, (i) => from[i] as number);
  const { sampleWeight, targets } = examples;
  return {
    ...examples,
    features: selectedFeatures(examples.features, indices),
    rows: indices.length,
    targets: targets instanceof Int32Array ? Int32Array.from(pick(targets)) : pick(targets),
    ...(sampleWeight && { sampleWeight: pick(sampleWeight) }),
  };
}

function selectedFeatures(features: Features, indices: Uint32Array): Features {
  const rows = indices.length;
  if (features.form === 'source') return { form: 'source', rows, source: features.source.select(indices) };
  if (features.form === 'table') return { form: 'table', rows, table: selectRows(features.table, indices) };
  const { data, shape } = features.x;
  const width = shape.slice(1).reduce((size, n) => size * n, 1);
  const picked =
    data instanceof Uint8Array
      ? new Uint8Array(rows * width)
      : data instanceof Int32Array
        ? new Int32Array(rows * width)
        : new Float32Array(rows * width);
  for (let i = 0; i < rows; i++)
    picked.set(data.subarray((indices[i] as number) * width, ((indices[i] as number) + 1) * width), i * width);
  return { form: 'values', rows, x: { data: picked, shape: [rows, ...shape.slice(1)] } };
}

function checkedWeights(given: ArrayLike<number>, where: string): Float32Array {
  return Float32Array.from(given, (weight, i) => {
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new DendriteError(
        'DATA',
        `${where}: sampleWeight must be finite and at least 0, got ${weight} in row ${i}.`,
      );
    return weight;
  });
}
function checkedWidth(preprocessing: Preprocessing & { readonly kind: 'values' }, where: string): Preprocessing {
  if (preprocessing.shape.every((n) => n > 0)) return preprocessing;
  throw new DendriteError(
    'DATA',
    `${where}: an example must have at least one number, got the shape [${preprocessing.shape.join(', ')}].`,
  );
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
