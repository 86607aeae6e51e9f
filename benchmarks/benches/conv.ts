// Convolutions and their gradients, on useful arithmetic: what is multiplied with padding does not count.
import { conv2d } from '@dendrite/cnn/ops';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { type KernelRow, kernelRows, spec } from './kernel-rows.ts';

interface Geometry {
  readonly name: string;
  readonly batch: number;
  /** Height and width. */
  readonly side: number;
  readonly channels: number;
  /** Height and width of the filters, and how many. */
  readonly size: number;
  readonly filters: number;
  readonly padding: number;
  /** Bars for forward, filter gradient, input gradient. */
  readonly bars: readonly [number | undefined, number | undefined, number | undefined];
}
const geometries: readonly Geometry[] = [
  { name: 'LeNet c1', batch: 64, side: 28, channels: 1, size: 5, filters: 6, padding: 2, bars: [0.8, 0.8, undefined] },
  { name: 'LeNet c2', batch: 64, side: 14, channels: 6, size: 5, filters: 16, padding: 0, bars: [0.92, 0.92, 0.78] },
  { name: '3×3 64→64', batch: 8, side: 32, channels: 64, size: 3, filters: 64, padding: 1, bars: [0.9, 0.9, 0.9] },
  {
    name: '3×3 3→32',
    batch: 8,
    side: 32,
    channels: 3,
    size: 3,
    filters: 32,
    padding: 1,
    bars: [undefined, undefined, undefined],
  },
];

export async function conv(options: BenchOptions): Promise<Result> {
  void conv2d; // the ops must be defined
  const rows = geometries.flatMap((g): KernelRow[] => {
    const out = g.side + 2 * g.padding - g.size + 1;
    const x = spec(g.batch, g.side, g.side, g.channels);
    const w = spec(g.size, g.size, g.channels, g.filters);
    const y = spec(g.batch, out, out, g.filters);
    const pad = [g.padding, g.padding];
    const attributes = { stride: [1, 1], dilation: [1, 1], before: pad, after: pad, groups: 1 };
    const taps = usefulTaps(g.side, g.size, g.padding, out) ** 2;
    const flops = 2 * g.batch * taps * g.channels * g.filters;
    const kinds = [
      ['forward', 'cnn/conv2d', { inputs: [x, w], outputs: [y], attributes }],
      [
        'filter gradient',
        'cnn/conv2d-filter-gradient',
        { inputs: [x, y], outputs: [w], attributes: { ...attributes, size: [g.size, g.size] } },
      ],
      [
        'input gradient',
        'cnn/conv2d-input-gradient',
        { inputs: [y, w], outputs: [x], attributes: { ...attributes, spatial: [g.side, g.side] } },
      ],
    ] as const;
    return kinds.map(([kind, op, call], i) => {
      const bar = g.bars[i];
      return {
        ...{ name: `${g.name} ${kind}`, op, call, flops },
        ...(bar === undefined ? {} : { bar }),
        torch: { do: 'convolution', sizes: [kind, g.batch, g.side, g.side, g.channels, g.size, g.filters, g.padding] },
      };
    });
  });
  return kernelRows('conv', rows, options);
}

/** Products along one axis that do not meet the padding. */
function usefulTaps(side: number, size: number, padding: number, out: number): number {
  let count = 0;
  for (let i = 0; i < out; i++)
    for (let u = 0; u < size; u++) if (i + u - padding >= 0 && i + u - padding < side) count++;
  return count;
}
