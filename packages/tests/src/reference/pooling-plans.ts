/** Pooling and resizing of layers.json. */
import { globalAvgPool2d, globalMaxPool2d, resize2d } from '@dendrite/cnn';
import * as ops from '@dendrite/cnn/ops';
import { expandDims } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { pair, rankOf } from './convolution-plans.ts';
import { type LayerPlan, nothing, of } from './layer-plan.ts';
import { configOf, eachAt, type Fields, firstAt } from './reference-case.ts';

export function pooling(name: string, fields: Fields): LayerPlan {
  const rank = rankOf(name);
  const config = configOf(fields, ['kernel_size', 'stride', 'padding', 'count_include_pad']);
  const [, window = tiling(fields), steps, border] = /(\d+)s(\d+)p(\d+)/.exec(name)?.map(Number) ?? [];
  const size = eachAt(config, 'kernel_size', window, rank);
  const stride = config.stride === undefined && steps === undefined ? size : eachAt(config, 'stride', steps ?? 1, rank);
  const padding = eachAt(config, 'padding', border ?? 0, rank);
  const countPadding =
    typeof config.count_include_pad === 'boolean' ? config.count_include_pad : !name.includes('exclude-pad');
  const max = name.startsWith('max');
  const first = (list: readonly number[]): number => list[0] ?? 1;
  const one = { size: first(size), stride: first(stride), padding: first(padding) };
  const two = { size: pair(size), stride: pair(stride), padding: pair(padding) };
  const three = { size, stride, padding };
  const run: Readonly<Record<number, (x: Tensor) => Tensor>> = {
    1: (x) => (max ? ops.maxPool1d(x, one) : ops.avgPool1d(x, { ...one, countPadding })),
    2: (x) => (max ? ops.maxPool2d(x, two) : ops.avgPool2d(x, { ...two, countPadding })),
    3: (x) => (max ? ops.maxPool3d(x, three) : ops.avgPool3d(x, { ...three, countPadding })),
  };
  return { ...nothing, layer: of((x) => run[rank]?.(x) ?? x) };
}

/** The window that tiles the input into the output: the smallest from 2 on. */
function tiling(fields: Fields): number {
  const [inputs, outputs] = [firstAt(fields, 'inputs').shape.slice(2), firstAt(fields, 'outputs').shape.slice(2)];
  const fits = (size: number): boolean => inputs.every((length, axis) => Math.floor(length / size) === outputs[axis]);
  return [2, 3, 4, 5, 6, 7, 8, 1].find(fits) ?? 2;
}

/** Height and width of the output. */
const outputSize = (fields: Fields): readonly [number, number] => pair(firstAt(fields, 'outputs').shape.slice(2));

export function adaptivePooling(name: string, fields: Fields): LayerPlan {
  configOf(fields, ['output_size']);
  const size = outputSize(fields);
  const pool = name.includes('max') ? ops.adaptiveMaxPool2d : ops.adaptiveAvgPool2d;
  return { ...nothing, layer: of((x) => pool(x, size)) };
}

export function upsampling(name: string, fields: Fields): LayerPlan {
  const config = configOf(fields, ['scale_factor', 'size', 'align_corners', 'mode']);
  const method = name.includes('bilinear') ? 'bilinear' : 'nearest';
  const alignCorners = config.align_corners === true || /align(ed)?-corners/.test(name);
  return { ...nothing, layer: resize2d({ size: outputSize(fields), method, alignCorners }) };
}

export function globalPooling(name: string): LayerPlan {
  const pool = name.startsWith('global-avg') ? globalAvgPool2d : globalMaxPool2d;
  // Torch keeps the two axes with length 1.
  return { ...nothing, layer: of((x) => expandDims(expandDims(pool(x), { axis: 1 }), { axis: 1 })) };
}
