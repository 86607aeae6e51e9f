/** From a case of layers.json to a layer of ours: by its name, its config, and, where neither says, its shapes. */
import { conv2d, globalAvgPool2d, globalMaxPool2d } from '@dendrite/cnn';
import { avgPool2d, maxPool2d } from '@dendrite/cnn/ops';
import { expandDims, layer as makeLayer } from '@dendrite/core';
import { batchNorm, dense, layerNorm } from '@dendrite/nn';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import type { Place } from './layers.ts';
import { configOf, type Fields, firstAt, isFields, NotBuilt, numberAt, pairAt, tensorOf } from './reference-case.ts';

type AnyLayer = Pick<Layer<Tree, Tree>, 'apply'>;
export interface LayerPlan {
  readonly layer: AnyLayer;
  readonly params: Readonly<Record<string, Place>>;
  readonly state: Readonly<Record<string, Place>>;
  readonly training: boolean;
  /** Channels come second in the file. */
  readonly imageIn: boolean;
  readonly imageOut: boolean;
}

/** Beginning of the case's name → ours. */
const plans: readonly (readonly [RegExp, (name: string, fields: Fields) => LayerPlan])[] = [
  [/^conv2d/, convolution],
  [/^(max|avg)-pool2d/, pooling],
  [/^global-(avg|max)-pool2d/, globalPooling],
  [/^batch-norm/, batchNormalisation],
  [/^layer-norm/, layerNormalisation],
  [/^linear/, linear],
];

/** @throws NotBuilt  where this repository has no such layer */
export function layerPlan(name: string, fields: Fields): LayerPlan {
  const plan = plans.find(([pattern]) => pattern.test(name))?.[1];
  if (!plan) throw new NotBuilt(`layer ${name}`);
  return plan(name, fields);
}

const nothing = { params: {}, state: {}, training: false, imageIn: true, imageOut: true };
const stateOf = (fields: Fields): Fields => (isFields(fields.state) ? fields.state : {});
const hasBias = (fields: Fields): boolean => stateOf(fields).bias !== undefined;
/** A layer without parameters. */
const of = (apply: (x: Tensor) => Tensor): AnyLayer =>
  makeLayer({
    name: 'tests/function',
    config: null,
    init: (_key, input) => ({ params: {}, output: input }),
    apply: (_, x) => apply(x),
  });

function convolution(_name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias']);
  const [count = 0, , height = 0, width = 0] = tensorOf(stateOf(fields).weight, 'state.weight').shape;
  const said = pairAt(config, 'kernel_size', height);
  const [rows, columns] = typeof said === 'number' ? [said, said] : said;
  if (config.kernel_size !== undefined && (rows !== height || columns !== width))
    throw new Error(`kernel_size must be that of the weight, ${height} × ${width}, got ${rows} × ${columns}`);
  const { padding } = config;
  const made = conv2d({
    filters: count,
    size: [height, width],
    stride: pairAt(config, 'stride', 1),
    dilation: pairAt(config, 'dilation', 1),
    groups: numberAt(config, 'groups', 1),
    padding: padding === 'same' || padding === 'valid' ? padding : pairAt(config, 'padding', 0),
  });
  const filters: Place = { theirs: 'weight', axes: [2, 3, 1, 0] };
  return { ...nothing, layer: made, params: hasBias(fields) ? { filters, bias: { theirs: 'bias' } } : { filters } };
}

function pooling(name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['kernel_size', 'stride', 'padding', 'count_include_pad']);
  const [, size, stride, padding] = /(\d+)s(\d+)p(\d+)/.exec(name)?.map(Number) ?? [];
  const window = size ?? tiling(fields);
  const options = {
    size: pairAt(config, 'kernel_size', window),
    stride: pairAt(config, 'stride', stride ?? (typeof config.kernel_size === 'number' ? config.kernel_size : window)),
    padding: pairAt(config, 'padding', padding ?? 0),
  };
  if (name.startsWith('max')) return { ...nothing, layer: of((x) => maxPool2d(x, options)) };
  const countPadding =
    typeof config.count_include_pad === 'boolean' ? config.count_include_pad : !name.includes('exclude-pad');
  return { ...nothing, layer: of((x) => avgPool2d(x, { ...options, countPadding })) };
}

/** The window that tiles the input into the output: the smallest from 2 on. */
function tiling(fields: Fields): number {
  const [, , height = 0, width = 0] = firstAt(fields, 'inputs').shape;
  const [, , rows = 0, columns = 0] = firstAt(fields, 'outputs').shape;
  for (const size of [2, 3, 4, 5, 6, 7, 8, 1])
    if (Math.floor(height / size) === rows && Math.floor(width / size) === columns) return size;
  return 2;
}

function globalPooling(name: string): LayerPlan {
  const pool = name.startsWith('global-avg') ? globalAvgPool2d : globalMaxPool2d;
  // Torch keeps the two axes with length 1.
  return { ...nothing, layer: of((x) => expandDims(expandDims(pool(x), { axis: 1 }), { axis: 1 })) };
}

function batchNormalisation(name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['momentum', 'eps']);
  return {
    ...nothing,
    layer: batchNorm({ momentum: numberAt(config, 'momentum', 0.1), epsilon: numberAt(config, 'eps', 1e-5) }),
    params: { scale: { theirs: 'weight' }, offset: { theirs: 'bias' } },
    state: { mean: { theirs: 'running_mean' }, variance: { theirs: 'running_var' } },
    training: !name.includes('eval'),
  };
}

function layerNormalisation(_name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['eps']);
  if (tensorOf(stateOf(fields).weight, 'state.weight').shape.length !== 1)
    throw new NotBuilt('layer norm over several axes');
  return {
    ...nothing,
    layer: layerNorm({ epsilon: numberAt(config, 'eps', 1e-5) }),
    params: { scale: { theirs: 'weight' }, offset: { theirs: 'bias' } },
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
