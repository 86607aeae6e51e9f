/** From a case of layers.json to a layer of ours: by its name, its config, and, where neither says, its shapes. */
import { localResponseNorm } from '@dendrite/cnn';
import { cast, mapTree } from '@dendrite/core';
import { batchNorm, dense, embedding, groupNorm, instanceNorm, layerNorm, prelu, rmsNorm } from '@dendrite/nn';
import { convolution, transposedConvolution } from './convolution-plans.ts';
import { hasBias, type LayerPlan, nothing, of, stateOf } from './layer-plan.ts';
import type { Place } from './layers.ts';
import { adaptivePooling, globalPooling, pooling, upsampling } from './pooling-plans.ts';
import { configOf, type Fields, NotBuilt, numberAt, tensorOf } from './reference-case.ts';

/** Beginning of the case's name → ours. */
const plans: readonly (readonly [RegExp, (name: string, fields: Fields) => LayerPlan])[] = [
  [/^conv(1|2|3)d/, convolution],
  [/^conv-transpose(1|2)d/, transposedConvolution],
  [/^(max|avg)-pool(1|2|3)d/, pooling],
  [/^adaptive-(avg|max)-pool2d/, adaptivePooling],
  [/^global-(avg|max)-pool2d/, globalPooling],
  [/^upsample-(nearest|bilinear)/, upsampling],
  [/^local-response-norm/, responseNormalisation],
  [/^batch-norm/, batchNormalisation],
  [/^layer-norm/, layerNormalisation],
  [/^group-norm/, groupNormalisation],
  [/^instance-norm/, instanceNormalisation],
  [/^rms-norm/, rootMeanSquare],
  [/^linear/, linear],
  [/^prelu/, learnedRectifier],
  [/^embedding/, vectors],
];

/** @throws NotBuilt  where this repository has no such layer */
export function layerPlan(name: string, fields: Fields): LayerPlan {
  const plan = plans.find(([pattern]) => pattern.test(name))?.[1];
  if (!plan) throw new NotBuilt(`layer ${name}`);
  return plan(name, fields);
}

/** Where a case does not say: three channels, and the other defaults of Torch. */
function responseNormalisation(_name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['size', 'alpha', 'beta', 'k']);
  return {
    ...nothing,
    layer: localResponseNorm({
      size: numberAt(config, 'size', 3),
      alpha: numberAt(config, 'alpha', 1e-4),
      beta: numberAt(config, 'beta', 0.75),
      k: numberAt(config, 'k', 1),
    }),
  };
}

function batchNormalisation(name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['momentum', 'eps']);
  return {
    ...nothing,
    layer: batchNorm({ momentum: numberAt(config, 'momentum', 0.1), epsilon: numberAt(config, 'eps', 1e-5) }),
    params: scaleAndOffset,
    state: { mean: { theirs: 'running_mean' }, variance: { theirs: 'running_var' } },
    training: !name.includes('eval'),
  };
}

const scaleAndOffset = { scale: { theirs: 'weight' }, offset: { theirs: 'bias' } };

function layerNormalisation(_name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['eps', 'normalized_shape']);
  const axes = tensorOf(stateOf(fields).weight, 'state.weight').shape.length;
  return {
    ...nothing,
    layer: layerNorm({ axes, epsilon: numberAt(config, 'eps', 1e-5) }),
    params: scaleAndOffset,
    imageIn: false,
    imageOut: false,
  };
}

/** Where a case does not say: two groups. */
function groupNormalisation(_name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['eps', 'num_groups', 'groups']);
  const groups = numberAt(config, 'num_groups', numberAt(config, 'groups', 2));
  return {
    ...nothing,
    layer: groupNorm({ groups, epsilon: numberAt(config, 'eps', 1e-5) }),
    params: scaleAndOffset,
  };
}

function instanceNormalisation(_name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['eps', 'affine']);
  const epsilon = numberAt(config, 'eps', 1e-5);
  if (stateOf(fields).weight !== undefined)
    return { ...nothing, layer: instanceNorm({ epsilon }), params: scaleAndOffset };
  return {
    ...nothing,
    layer: of((x) => {
      const made = instanceNorm({ epsilon });
      const key = x.runtime.key(0);
      const { params } = made.init(key, x.shape);
      const as = mapTree(params, (tensor) => cast(tensor, x.dtype));
      return made.apply({ params: as, state: {} }, x, { training: true, key })[0];
    }),
  };
}

function rootMeanSquare(_name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['eps', 'normalized_shape']);
  const layer = rmsNorm({ epsilon: numberAt(config, 'eps', 1e-6) });
  return { ...nothing, layer, params: { scale: { theirs: 'weight' } }, imageIn: false, imageOut: false };
}

function learnedRectifier(_name: string, fields: Fields): LayerPlan {
  configOf(fields, ['num_parameters', 'init']);
  const [slopes] = tensorOf(stateOf(fields).weight, 'state.weight').shape;
  return { ...nothing, layer: prelu({ shared: slopes === 1 }), params: { slope: { theirs: 'weight' } } };
}

function vectors(_name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['paddingIdx', 'padding_idx']);
  const [vocabulary = 0, size = 0] = tensorOf(stateOf(fields).weight, 'state.weight').shape;
  const padding = config.paddingIdx ?? config.padding_idx;
  return {
    ...nothing,
    layer: embedding(vocabulary, size, typeof padding === 'number' ? { paddingIndex: padding } : {}),
    params: { weight: { theirs: 'weight' } },
    codes: true,
    imageIn: false,
    imageOut: false,
  };
}

function linear(_name: string, fields: Fields): LayerPlan {
  configOf(fields, ['bias']);
  const [units = 0] = tensorOf(stateOf(fields).weight, 'state.weight').shape;
  const weight: Place = { theirs: 'weight', axes: [1, 0] };
  return {
    ...nothing,
    layer: dense(units),
    params: hasBias(fields) ? { weight, bias: { theirs: 'bias' } } : { weight },
    imageIn: false,
    imageOut: false,
  };
}
