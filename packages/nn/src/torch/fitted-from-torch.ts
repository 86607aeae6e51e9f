/** A model that predicts with the parameters of a PyTorch state dict: no training, and from then on a fitted model like all others. */
import {
  type Capabilities,
  DendriteError,
  type Fitted,
  isDendriteError,
  type Json,
  type Label,
  type Model,
  type SavedModel,
} from '@dendrite/spec';
import { type Scaling, scalingJson } from '../net-model/scaling.ts';
import type { FromTorchOptions } from './from-torch.ts';
import { type Arrays, TorchEntries } from './torch-entries.ts';
import { TorchWalk } from './torch-walk.ts';

export interface FittedFromTorchOptions<T extends Label = Label> extends Omit<FromTorchOptions, 'input'> {
  /** Shape of one example: images `[height, width, channels]`, rows `[features]`. */
  readonly example: readonly number[];
  /** Of a classifier: what its outputs stand for, in their order. */
  readonly labels?: readonly T[];
  /**
   * What is done to the inputs first, as the torch model's own transforms do it: `'none'` (default), `'bytes'` (x / 255), or
   * `(x − mean) / deviation` with a number for each element of an example or for each channel.
   */
  readonly scaling?: 'none' | 'bytes' | { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  /** Of the inputs; `'int32'` for codes. Default `'float32'`, with `'bytes'` `'uint8'`. */
  readonly dtype?: 'float32' | 'uint8' | 'int32';
}

/**
 * `classifier(layer)` or `regressor(layer)`, fitted by PyTorch: it predicts, evaluates and is saved, and `fit({ from: await
 * fitted.save() })` trains it further.
 * @param model   a classifier or regressor over the layers of the torch model
 * @param arrays  of `readSafetensors(bytes)`; which entry belongs where, `fromTorch` tells
 * @throws FORMAT, OPTION  as `fromTorch`; OPTION where labels are missing or too many
 * @example
 * import { relu } from '@dendrite/core';
 * import { classifier, dense, sequential } from '@dendrite/nn';
 * import { fittedFromTorch } from '@dendrite/nn/torch';
 * const float32 = (shape: readonly number[], values: readonly number[]) => ({ dtype: 'float32', shape, data: Float32Array.from(values) }) as const;
 * const stateDict = { '0.weight': float32([2, 1], [1, -1]), '0.bias': float32([2], [0, 0]) };
 * const sides = await fittedFromTorch(classifier(sequential(dense(2), relu)), stateDict, { example: [1], labels: ['right', 'left'] });
 * await sides.predict([[-3], [3]]); // ['left', 'right']
 */
export async function fittedFromTorch<C extends Capabilities, O extends object, const T extends Label = Label>(
  model: Model<C, O>,
  arrays: Arrays,
  options: FittedFromTorchOptions<T>,
): Promise<Fitted<C, T>> {
  const { example, labels, scaling = 'none', modules, prefix = '', strict = true, runtime } = options;
  const { dtype = scaling === 'bytes' ? 'uint8' : 'float32' } = options;
  const { layer } = (model.config ?? {}) as { readonly layer?: Json };
  const classes = model.capabilities?.task === 'classification';
  if (layer === undefined || (classes && !labels?.length))
    throw new DendriteError(
      'OPTION',
      layer === undefined
        ? `fittedFromTorch(): model must be a classifier or regressor, got '${model.meta?.name ?? String(model)}'. Of a model over texts or sequences load the layer, with fromTorch().`
        : "fittedFromTorch(): labels must say what the classifier's outputs stand for, got none. List them in the order of the outputs: labels: ['cat', 'dog'].",
    );
  if (labels && new Set(labels).size < labels.length)
    throw new DendriteError(
      'OPTION',
      `fittedFromTorch(): labels must all be different, got ${JSON.stringify(labels)}. Name each output.`,
    );
  if (!Array.isArray(example))
    throw new DendriteError(
      'OPTION',
      `fittedFromTorch(): example must be the shape of one example, got ${String(example)}. Write example: [28, 28, 1].`,
    );
  const walk = new TorchWalk(
    new TorchEntries(arrays, prefix),
    modules,
    example.length > 2 ? example.at(-1) : undefined,
  );
  walk.all(layer, strict);
  const saved: SavedModel = {
    header: {
      ...{ format: 'dendrite', version: 1, model: model.meta, config: model.config, task: model.capabilities.task },
      ...(classes && labels && { labels }),
      ...{ preprocessing: { kind: 'values', shape: [...example], dtype }, seed: 0, data: '', packages: {} },
      extra: { scaling: scalingJson(scalingOf(scaling, example)), head: classes ? null : { mean: 0, deviation: 1 } },
    },
    arrays: walk.made,
  };
  try {
    return await model.restore<T>(saved, runtime && { runtime });
  } catch (error) {
    if (!isDendriteError(error)) throw error;
    const [, name = ''] = /'((?:params|state)\.[^']+)'/.exec(error.message) ?? [];
    const origin = walk.originOf(name);
    throw new DendriteError(
      error.code,
      `fittedFromTorch(): the state dict and example must fit the model: ${error.message.replace(/^restore\(\): /, '')}${origin === undefined ? '' : ` (It was made of module '${origin}'.)`}`,
      { cause: error },
    );
  }
}

/** One number a channel stands for all places. @throws OPTION */
function scalingOf(scaling: NonNullable<FittedFromTorchOptions['scaling']>, example: readonly number[]): Scaling {
  if (scaling === 'none' || scaling === 'bytes') return { kind: scaling };
  if (typeof scaling !== 'object')
    throw new DendriteError(
      'OPTION',
      `fittedFromTorch(): scaling must be 'none', 'bytes' or { mean, deviation }, got '${String(scaling)}'. Leave it out for none.`,
    );
  const { mean, deviation } = scaling;
  const [size, channels] = [example.reduce((a, b) => a * b, 1), example.at(-1) ?? 1];
  if (
    mean.length !== deviation.length ||
    (mean.length !== size && mean.length !== channels) ||
    !deviation.every((d) => d > 0)
  )
    throw new DendriteError(
      'OPTION',
      `fittedFromTorch(): scaling must have a mean and a positive deviation for each of ${channels} channels or ${size} elements, got ${mean.length} and ${deviation.length}.`,
    );
  return { kind: 'standard', mean: [...mean], deviation: [...deviation] };
}
