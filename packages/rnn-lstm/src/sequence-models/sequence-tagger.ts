/** A tagger: a label for every step of a sequence. */
import { type AnyFitted, adaptModel, codesOf, labelCodes } from '@dendrite/model';
import {
  type ClassifierCapabilities,
  classifierCapabilities,
  type NetFitOptions,
  type NetOptions,
  netModel,
} from '@dendrite/nn';
import {
  type Data,
  DendriteError,
  type FitOptions,
  type Fitted,
  type Inputs,
  type Json,
  type Label,
  type Metric,
  type Model,
  type Runtime,
  type SavedModel,
  type Values,
} from '@dendrite/spec';
import { count, oneOf } from '../option/check-options.ts';
import { version } from '../version.ts';
import { cutSource } from './cut-source.ts';
import { type Body, bodyJson, bodyLayer, takeBody } from './net-body.ts';
import { raggedNet } from './ragged-net.ts';
import type { SequenceClassifierOptions } from './sequence-classifier.ts';
import { fieldsOf, fitForm, formFrom, formJson, padded, type SequenceForm } from './sequence-form.ts';
import { takeSequences } from './sequences.ts';
import { type Examples, takeExamples, withoutValidation } from './split-examples.ts';
import { nothing, tokenHead } from './token-head.ts';

export interface TaggedData<T extends Label = Label> {
  readonly x: Values;
  /** One tag a step of each sequence. */
  readonly y: readonly (readonly T[])[];
  readonly sampleWeight?: ArrayLike<number>;
}
export interface FittedTagger<T extends Label>
  extends Omit<Fitted<ClassifierCapabilities, T>, 'predict' | 'predictProbabilities' | 'evaluate'> {
  /** A tag for each step of each sequence. */
  predict(x: Values): Promise<T[][]>;
  /** Metrics over all steps of all sequences. */
  evaluate<const M extends Readonly<Record<string, Metric>>>(
    data: TaggedData,
    metrics: M,
  ): Promise<{ readonly [K in keyof M]: number }>;
}
type TagFitOptions = NetFitOptions &
  Omit<FitOptions, 'validation' | 'classWeight'> & { readonly validation?: TaggedData | number };
export interface SequenceTagger extends Omit<Model<ClassifierCapabilities, NetFitOptions>, 'fit' | 'run' | 'restore'> {
  fit<const T extends Label>(data: TaggedData<T>, options?: TagFitOptions): Promise<FittedTagger<T>>;
  run<const T extends Label>(
    data: TaggedData<T>,
    options?: TagFitOptions,
  ): Omit<ReturnType<Model['run']>, 'result'> & { readonly result: Promise<FittedTagger<T>> };
  restore<const T extends Label = string>(
    saved: SavedModel,
    options?: { readonly runtime?: Runtime; readonly labels?: readonly T[] },
  ): Promise<FittedTagger<T>>;
}
const name = 'rnn-lstm/sequence-tagger';

interface Learned {
  readonly form: SequenceForm;
  readonly labels: readonly Label[];
}

/**
 * Learns a label for every step: a recurrent body reads each sequence, from both ends by default; softmax on its outputs gives
 * probabilities. Sequences are ragged as they are; the loss of each is the mean over its steps.
 * @param options  as of `sequenceClassifier`; `bidirectional` is true by default
 * @throws OPTION  for an unknown option or a value out of its range. From `fit`: DATA, SHAPE
 * @source Graves and Schmidhuber (2005), Framewise phoneme classification with bidirectional LSTM
 * @example
 * import { sequenceTagger } from '@dendrite/rnn-lstm';
 * // Is a step higher than the one before?
 * const x = [[1, 2, 0, 4], [3, 1, 5], [2, 3]];
 * const y = [['-', 'up', 'down', 'up'], ['-', 'down', 'up'], ['-', 'up']] as const;
 * const fitted = await sequenceTagger({ units: 8, epochs: 30 }).fit({ x, y });
 * const [tags] = await fitted.predict([[1, 5, 2]]); // three of '-', 'up', 'down'
 */
export function sequenceTagger(options: SequenceClassifierOptions = {}): SequenceTagger {
  const { body, net } = takeBody(
    'sequenceTagger',
    { bidirectional: true, ...options },
    {
      scaling: oneOf('standardise', 'none'),
      steps: count,
    },
  );
  const { scaling = 'standardise', steps } = options;
  const own: { readonly [name: string]: Json } = { ...bodyJson(body), scaling, ...(steps !== undefined && { steps }) };
  return adaptModel<SequenceTagger, Learned>({
    meta: { name, version, api: 1 },
    capabilities: classifierCapabilities,
    config: own,
    inner: (learned) => innerModel(body, net, own, learned),
    adaptation: {
      learn(data, fit, known) {
        if (fit.classWeight !== undefined)
          throw new DendriteError(
            'OPTION',
            'fit(): classWeight is for models with one label a row, got it for a tagger. Weigh sequences with sampleWeight.',
          );
        const { train, held } = withoutValidation(takeTagged(data, 'fit()'), fit);
        const learned = known ?? {
          form: fitForm(train.x, { scaling, steps }, 'fit()'),
          labels: labelCodes(Array.from(train.y).flat(), 'fit()').labels,
        };
        const rest =
          held ?? (fit.validation === undefined ? undefined : takeTagged(fit.validation, 'fit() validation'));
        return {
          learned,
          data: taggedSource(train, learned, 'fit()'),
          options: { ...fit, ...(rest && { validation: taggedSource(rest, learned, 'fit() validation') }) },
        };
      },
      data: (learned, data, where): Data => taggedSource(takeTagged(data, where), learned, where),
      inputs: ({ form }, inputs, where) => padded(takeSequences(inputs, where), form, where),
      read: (config) => {
        const { form, labels } = fieldsOf(config);
        return { form: formFrom(form), labels: Array.isArray(labels) ? (labels as readonly Label[]) : [] };
      },
      members: tagging,
    },
  });
}

interface Extended {
  /** Probabilities of every step, `[rows · steps · labels]`. */
  all(inputs: Inputs, where: string): Promise<Float32Array>;
}

function innerModel(
  body: Body,
  options: NetOptions,
  own: { readonly [name: string]: Json },
  { form, labels }: Learned,
): object {
  const { units, bidirectional } = body;
  return netModel<ClassifierCapabilities, Extended>({
    name,
    owner: 'sequenceTagger',
    version,
    capabilities: classifierCapabilities,
    layer: raggedNet(bodyLayer(body), labels.length, { units, directions: bidirectional ? 2 : 1, everyStep: true }),
    options,
    config: { ...own, form: formJson(form), labels: [...labels] },
    fitHead: (known, _targets, output) => tokenHead('sequenceTagger', known, output, 'first'),
    headFrom: (known, _json, output) => tokenHead('sequenceTagger', known, output, 'first'),
    extend: (core, { encode }) => ({
      async all(inputs, where) {
        const parts: Float32Array[] = [];
        for await (const batch of encode(inputs, where)) if ('x' in batch) parts.push((await core.answers(batch)).data);
        const joined = new Float32Array(parts.reduce((size, { length }) => size + length, 0));
        let at = 0;
        for (const part of parts) {
          joined.set(part, at);
          at += part.length;
        }
        return joined;
      },
    }),
  });
}

/** Answers of every step, where the contract has one a row. */
function tagging({ form, labels }: Learned, inner: AnyFitted): object {
  const { all } = inner as AnyFitted & Extended;
  const classes = labels.length;
  const answer = async (x: unknown, where: string) => {
    const sequences = takeSequences(x, where);
    const probabilities = await all(padded(sequences, form, where), where);
    const rowsOf = (row: number, t: number): Float32Array => {
      const at = (row * form.steps + t) * classes;
      return probabilities.subarray(at, at + classes);
    };
    const tags = sequences.lengths.map((length, row) =>
      Array.from({ length }, (_, t) => labels[largest(rowsOf(row, t))] ?? ''),
    );
    return { sequences, rowsOf, tags };
  };
  return {
    predict: async (x: unknown) => (await answer(x, 'predict()')).tags,
    predictProbabilities: undefined,
    async evaluate(data: unknown, metrics: Readonly<Record<string, Metric>>) {
      const { x, y } = takeTagged(data, 'evaluate()');
      const { tags } = await answer((data as TaggedData).x, 'evaluate()');
      codesOf(Array.from(y).flat(), labels, 'evaluate()');
      return Object.fromEntries(
        Object.entries(metrics).map(([key, metric]) => {
          let state = metric.init();
          for (let row = 0; row < x.rows; row++)
            if ((y[row]?.length ?? 0) > 0)
              state = metric.update(state, { expected: y[row] ?? [], predicted: tags[row] ?? [], labels });
          return [key, metric.value(state)];
        }),
      );
    },
  };
}

function largest(values: Float32Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if ((values[k] ?? 0) > (values[best] ?? 0)) best = k;
  return best;
}

type Tags = readonly Label[];
/** @throws DATA  where a sequence has not one tag for each step */
function takeTagged(data: unknown, where: string): Examples<Tags> {
  const examples = takeExamples<Tags>(data, where);
  const { x, y } = examples;
  for (let row = 0; row < x.rows; row++)
    if (!Array.isArray(y[row]) || y[row]?.length !== x.lengths[row])
      throw new DendriteError(
        'DATA',
        `${where}: y must have one tag for each step, got ${Array.isArray(y[row]) ? y[row]?.length : typeof y[row]} for the ${x.lengths[row]} steps of sequence ${row}.`,
      );
  return examples;
}

function taggedSource({ x, y, sampleWeight }: Examples<Tags>, { form, labels }: Learned, where: string): Data {
  const values = padded(x, form, where);
  const width = form.steps * (form.channels + 1);
  const data = new Float32Array(x.rows * (width + form.steps)).fill(nothing);
  const standing = new Int32Array(x.rows);
  const others = new Int32Array(x.rows);
  for (let row = 0; row < x.rows; row++) {
    const to = row * (width + form.steps);
    data.set(values.data.subarray(row * width, (row + 1) * width), to);
    const codes = codesOf(y[row] ?? [], labels, where);
    data.set(codes, to + width);
    // A step that goes round: the first one's tag is often the same in all sequences.
    standing[row] = codes[row % Math.max(1, codes.length)] ?? 0;
    others[row] = codes.find((code) => code !== standing[row]) ?? -1;
  }
  // By chance they may be one tag all the same, and would say that there is nothing to tell apart.
  const another = standing.every((code) => code === standing[0]) ? others.findIndex((code) => code >= 0) : -1;
  if (another >= 0) standing[another] = others[another] ?? 0;
  return cutSource({
    data,
    rows: x.rows,
    example: [form.steps, form.channels + 1],
    targets: form.steps,
    standing,
    labels,
    ...(sampleWeight && { sampleWeight }),
  });
}
