/** A classifier of whole sequences, ragged as they are. */
import { adaptModel, codesOf, type DefinedModel, labelCodes } from '@dendrite/model';
import {
  type ClassifierCapabilities,
  classifierCapabilities,
  type NetFitOptions,
  type NetOptions,
  netModel,
  softmaxCrossEntropyHead,
} from '@dendrite/nn';
import type { ArrayData, Data, Json, Label } from '@dendrite/spec';
import { count, oneOf } from '../option/check-options.ts';
import { version } from '../version.ts';
import { type Body, type BodyOptions, bodyJson, bodyLayer, takeBody } from './net-body.ts';
import { raggedNet } from './ragged-net.ts';
import { fieldsOf, fitForm, formFrom, formJson, padded, type SequenceForm } from './sequence-form.ts';
import { takeSequences } from './sequences.ts';
import { type Examples, takeExamples, withoutValidation } from './split-examples.ts';

export interface SequenceClassifierOptions extends BodyOptions {
  /** Each sequence is read from both ends. Default false. */
  readonly bidirectional?: boolean;
  /** Channels to mean 0 and deviation 1, learned from the steps of the training data. Default `'standardise'`. */
  readonly scaling?: 'standardise' | 'none';
  /** Most steps of a sequence. Default: those of the longest to train on. */
  readonly steps?: number;
}
export type SequenceClassifier = DefinedModel<ClassifierCapabilities, NetFitOptions>;
const name = 'rnn-lstm/sequence-classifier';

/** What is learned before training. */
interface Learned {
  readonly form: SequenceForm;
  readonly labels: readonly Label[];
}

/**
 * Learns a label for each sequence: a recurrent body reads it, softmax on its last state gives probabilities.
 * `x` is a list of sequences of any lengths, each a list of steps, each a number or a list of channels; or `{ data, shape }`.
 * @param options.cell           `'lstm'` (default), `'gru'` or `'simpleRnn'`
 * @param options.units          of each level and direction, default 32
 * @param options.layers         default 1
 * @param options.bidirectional  default false
 * @param options.dropout        between levels, default 0
 * @param options.scaling        `'standardise'` (default) or `'none'`
 * @param options.steps          most steps of a sequence; default: the longest of training
 * @param options.optimizer      default `adam()`; also `clip`, `epochs` (10), `batchSize` (32) as of `classifier`
 * @throws OPTION  for an unknown option or a value out of its range. From `fit`: DATA, SHAPE
 * @example
 * import { sequenceClassifier } from '@dendrite/rnn-lstm';
 * const x = [[1, 2, 3], [3, 2], [0, 1, 2, 5], [9, 4, 1]];
 * const model = sequenceClassifier({ cell: 'gru', units: 8, epochs: 60 });
 * const fitted = await model.fit({ x, y: ['up', 'down', 'up', 'down'] });
 * const [way] = await fitted.predict([[2, 3, 4, 5]]); // typed 'up' | 'down'
 */
export function sequenceClassifier(options: SequenceClassifierOptions = {}): SequenceClassifier {
  const { body, net } = takeBody('sequenceClassifier', options, {
    scaling: oneOf('standardise', 'none'),
    steps: count,
  });
  const { scaling = 'standardise', steps } = options;
  const own: { readonly [name: string]: Json } = { ...bodyJson(body), scaling, ...(steps !== undefined && { steps }) };
  const toData = ({ x, y, sampleWeight }: Examples<Label>, { form }: Learned, where: string): ArrayData => ({
    x: padded(x, form, where),
    y: Array.from(y),
    ...(sampleWeight && { sampleWeight }),
  });
  return adaptModel<SequenceClassifier, Learned>({
    meta: { name, version, api: 1 },
    capabilities: classifierCapabilities,
    config: own,
    inner: (learned) => innerModel(body, net, own, learned),
    adaptation: {
      learn(data, fit, known) {
        const all = takeExamples<Label>(data, 'fit()');
        const { labels } = labelCodes(all.y, 'fit()');
        const codes = codesOf(all.y, labels, 'fit()');
        const { train, held } = withoutValidation(all, fit, codes);
        const learned = known ?? { form: fitForm(train.x, { scaling, steps }, 'fit()'), labels };
        const rest =
          held ?? (fit.validation === undefined ? undefined : takeExamples<Label>(fit.validation, 'fit() validation'));
        return {
          learned,
          data: toData(train, learned, 'fit()'),
          options: { ...fit, ...(rest && { validation: toData(rest, learned, 'fit() validation') }) },
        };
      },
      data: (learned, data, where): Data => toData(takeExamples<Label>(data, where), learned, where),
      inputs: ({ form }, inputs, where) => padded(takeSequences(inputs, where), form, where),
      read: (config) => {
        const { form, labels } = fieldsOf(config);
        return { form: formFrom(form), labels: Array.isArray(labels) ? (labels as readonly Label[]) : [] };
      },
    },
  });
}

/** The model of padded sequences. */
function innerModel(
  body: Body,
  options: NetOptions,
  own: { readonly [name: string]: Json },
  { form, labels }: Learned,
): object {
  const { units, bidirectional } = body;
  const layer = raggedNet(bodyLayer(body), labels.length, {
    units,
    directions: bidirectional ? 2 : 1,
    everyStep: false,
  });
  return netModel({
    name,
    owner: 'sequenceClassifier',
    version,
    capabilities: classifierCapabilities,
    layer,
    options,
    config: { ...own, form: formJson(form), labels: [...labels] },
    fitHead: (known, _targets, output) => softmaxCrossEntropyHead(known, output),
    headFrom: (known, _json, output) => softmaxCrossEntropyHead(known, output),
  });
}
