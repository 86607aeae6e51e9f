/** Convolutions of layers.json, plain and transposed, over one to three axes. */
import { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d } from '@dendrite/cnn';
import { type AnyLayer, hasBias, type LayerPlan, nothing, stateOf } from './layer-plan.ts';
import type { Place } from './layers.ts';
import { configOf, eachAt, type Fields, NotBuilt, numberAt, tensorOf } from './reference-case.ts';

/** How many spatial axes, by the name: `conv1d` has one. */
export const rankOf = (name: string): number => Number(/(\d)d/.exec(name)?.[1]);
/** [O, I, …taps] → [...taps, I, O]. */
const filtersLast = (rank: number): readonly number[] => [...Array.from({ length: rank }, (_, i) => i + 2), 1, 0];

export function convolution(name: string, fields: Fields): LayerPlan {
  const rank = rankOf(name);
  const config = configOf(fields, ['kernel_size', 'stride', 'padding', 'padLeft', 'dilation', 'groups', 'bias']);
  const [count = 0, , ...size] = tensorOf(stateOf(fields).weight, 'state.weight').shape;
  expectSize(config, size);
  const { padding } = config;
  const options: AnyConvolution = {
    filters: count,
    stride: eachAt(config, 'stride', 1, rank),
    dilation: eachAt(config, 'dilation', 1, rank),
    groups: numberAt(config, 'groups', 1),
    padding: padding === 'same' || padding === 'valid' ? padding : eachAt(config, 'padding', 0, rank),
  };
  const filters: Place = { theirs: 'weight', axes: filtersLast(rank) };
  return {
    ...nothing,
    layer: convolutionOf(rank, size, options, config),
    params: hasBias(fields) ? { filters, bias: { theirs: 'bias' } } : { filters },
  };
}

interface AnyConvolution {
  readonly filters: number;
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly padding: 'same' | 'valid' | readonly number[];
}
export const pair = ([height = 0, width = 0]: readonly number[]): readonly [number, number] => [height, width];

function convolutionOf(rank: number, size: readonly number[], options: AnyConvolution, config: Fields): AnyLayer {
  const { stride, dilation, padding } = options;
  if (rank === 3) return conv3d({ ...options, size });
  if (rank === 2)
    return conv2d({
      ...options,
      size: pair(size),
      stride: pair(stride),
      dilation: pair(dilation),
      padding: typeof padding === 'string' ? padding : pair(padding),
    });
  const [length = 0] = size;
  const one = { ...options, size: length, stride: stride[0] ?? 1, dilation: dilation[0] ?? 1 };
  // Zeros in front only, by the case's own name for it.
  if (config.padLeft !== undefined) {
    if (config.padding !== undefined) throw new NotBuilt('padLeft beside padding');
    return conv1d({ ...one, padding: { before: numberAt(config, 'padLeft'), after: 0 } });
  }
  return conv1d({ ...one, padding: typeof padding === 'string' ? padding : (padding[0] ?? 0) });
}

/** Where a case says its size, it must be that of its weight. */
function expectSize(config: Fields, size: readonly number[]): void {
  const said = eachAt(config, 'kernel_size', 0, size.length);
  if (config.kernel_size !== undefined && said.join() !== size.join())
    throw new Error(`kernel_size must be that of the weight, ${size.join(' × ')}, got ${said.join(' × ')}`);
}

/** Torch's filters are [I, O / groups, …taps], which reversed are ours. */
export function transposedConvolution(name: string, fields: Fields): LayerPlan {
  const rank = /transpose1d/.test(name) ? 1 : 2;
  const known = ['kernel_size', 'stride', 'padding', 'output_padding', 'dilation', 'groups', 'bias'];
  const config = configOf(fields, known);
  const [, own = 0, ...size] = tensorOf(stateOf(fields).weight, 'state.weight').shape;
  expectSize(config, size);
  const at = (key: string, otherwise: number): readonly number[] => eachAt(config, key, otherwise, rank);
  const groups = numberAt(config, 'groups', 1);
  const [stride, padding, outputPadding, dilation] = [
    at('stride', 1),
    at('padding', 0),
    at('output_padding', 0),
    at('dilation', 1),
  ];
  const first = (list: readonly number[]): number => list[0] ?? 0;
  const filters: Place = { theirs: 'weight', axes: filtersLast(rank) };
  return {
    ...nothing,
    layer:
      rank === 1
        ? convTranspose1d({
            filters: own * groups,
            size: first(size),
            stride: first(stride),
            padding: first(padding),
            outputPadding: first(outputPadding),
            dilation: first(dilation),
            groups,
          })
        : convTranspose2d({
            filters: own * groups,
            size: pair(size),
            stride: pair(stride),
            padding: pair(padding),
            outputPadding: pair(outputPadding),
            dilation: pair(dilation),
            groups,
          }),
    params: hasBias(fields) ? { filters, bias: { theirs: 'bias' } } : { filters },
  };
}
