/** C3: each of sixteen maps sees three, four or all six of the maps below, so that they must find different things. */
import { conv2d } from '@dendrite/cnn/ops';
import { add, concat, gather, layer, reshape, zeros } from '@dendrite/core';
import type { Layer, Tensor } from '@dendrite/spec';
import { byFanIn } from './squash.ts';

/** Table I of the paper: which maps of S2 each map of C3 sees. */
export const connections: readonly (readonly number[])[] = [
  ...Array.from({ length: 6 }, (_, map) => [0, 1, 2].map((next) => (map + next) % 6)),
  ...Array.from({ length: 6 }, (_, map) => [0, 1, 2, 3].map((next) => (map + next) % 6)),
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
];
const [size, below] = [5, 6];
const count = connections.flat().length;
/** Place of each pair (map below, map) among the connections; the one behind them all is a zero. */
const places = Int32Array.from({ length: below * connections.length }, () => count);
connections.forEach((maps, map) => {
  const before = connections.slice(0, map).flat().length;
  maps.forEach((from, nth) => {
    places[from * connections.length + map] = before + nth;
  });
});

export type PartialConvolution = Layer<
  { readonly filters: Tensor; readonly bias: Tensor },
  Readonly<Record<never, never>>
>;

/** `[B, 14, 14, 6]` → `[B, 10, 10, 16]` with 60 filters of 25 and 16 biases: 1,516 parameters. */
export const partialConvolution = (): PartialConvolution =>
  layer<{ readonly filters: Tensor; readonly bias: Tensor }>({
    name: 'examples/partial-convolution',
    config: null,
    init(key, [batch = 0, height = 0, width = 0]) {
      const { runtime } = key;
      const maps = connections.length;
      const fans = { in: (size * size * count) / maps, out: (size * size * count) / below };
      return {
        params: {
          filters: byFanIn.make(key.fork('filters'), [size * size, count], fans),
          bias: zeros([maps], { runtime }),
        },
        output: [batch, height - size + 1, width - size + 1, maps],
      };
    },
    apply({ filters, bias }, x) {
      const { runtime } = x;
      const none = zeros([size * size, 1], { runtime, dtype: filters.dtype });
      const all = gather(concat([filters, none], { axis: 1 }), runtime.tensor(places), { axis: 1 });
      return add(conv2d(x, reshape(all, [size, size, below, connections.length])), bias);
    },
  });
