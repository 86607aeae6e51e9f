/** A classifier of any layer: a `Model` that is fitted, asked, measured, saved and restored like all others. */
import type { DefinedModel } from '@dendrite/model';
import type { Label, Shape } from '@dendrite/spec';
import { share } from '../option/check-options.ts';
import { version } from '../version.ts';
import { netModel } from './net-model.ts';
import { checkLoss, type NetLayer, type NetOptions } from './net-options.ts';
import type { NetCapabilities, NetFitOptions } from './net-plan.ts';
import { classificationHead, type Loss, type TaskHead } from './task-head.ts';

export interface ClassifierCapabilities extends NetCapabilities {
  readonly task: 'classification';
  readonly probabilities: true;
}
export interface ClassifierOptions extends NetOptions {
  /** Default `'softmaxCrossEntropy'` on the layer's outputs as logits; or `(logits, codes, { reduction: 'none' }) → losses`. */
  readonly loss?: 'softmaxCrossEntropy' | Loss;
  /** Of the default loss: the share of each target that is spread over all classes, [0, 1], default 0. */
  readonly labelSmoothing?: number;
}
/** What every classifier over a net can do. */
export const classifierCapabilities: ClassifierCapabilities = Object.freeze({
  task: 'classification',
  data: 'batches',
  probabilities: true,
  importance: false,
  outOfBag: false,
  parameters: true,
  resume: 'step',
});

/**
 * Learns labels: `layer` gives one logit for each, softmax makes probabilities of them.
 * @param layer  its last layer has one output for each label; it takes its lengths from the data
 * @param options.optimizer       default `adam()`
 * @param options.loss            default `'softmaxCrossEntropy'`
 * @param options.labelSmoothing  [0, 1], default 0
 * @param options.clip            `{ globalNorm }` or `{ value }`: clips gradients; default not
 * @param options.accumulate      batches whose gradients make one step, default 1
 * @param options.lossScale       multiplies the loss while it is differentiated: a number from 1, or `'adaptive'`; default not
 * @param options.scaling         of the inputs. `'auto'` (default): bytes over 255, rows of float features standardised, else as they
 *   are; learned from the training data, saved with the model
 * @param options.epochs          passes over the data, default 10; `fit` may say otherwise
 * @param options.batchSize       examples a step, default 32; `fit` may say otherwise
 * @throws OPTION  for an unknown option or a value out of its range. From `fit`: SHAPE where layer and data do not fit; NUMERIC where
 *   loss or gradients stop being finite (step, parameter and largest gradient are named)
 * @example
 * import { tanh } from '@dendrite/core';
 * import { classifier, dense, sequential } from '@dendrite/nn';
 * const model = classifier(sequential(dense(8), tanh, dense(2)));
 * const sides = await model.fit({ x: [[-2], [-1], [1], [2]], y: ['left', 'left', 'right', 'right'] }, { epochs: 500 });
 * await sides.predict([[-3], [3]]); // ['left', 'right']
 */
export function classifier(
  layer: NetLayer,
  options: ClassifierOptions = {},
): DefinedModel<ClassifierCapabilities, NetFitOptions> {
  const { labelSmoothing = 0 } = options;
  const loss = checkLoss('classifier', options.loss, 'softmaxCrossEntropy');
  const head = (labels: readonly Label[], output: Shape): TaskHead =>
    classificationHead(labels, output, loss, labelSmoothing);
  return netModel({
    name: 'nn/classifier',
    owner: 'classifier',
    version,
    capabilities: classifierCapabilities,
    layer,
    options,
    rules: { labelSmoothing: share },
    config: { loss: loss === undefined ? 'softmaxCrossEntropy' : 'custom', labelSmoothing },
    fitHead: (labels, _targets, output) => head(labels, output),
    headFrom: (labels, _json, output) => head(labels, output),
  });
}
