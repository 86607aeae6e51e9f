/** Uses of random numbers: bits, uniform numbers and orders must be the host's on every backend. */
import { forkWords, randomBits as hostBits, hostKey, keyFromWords } from '@dendrite/random';
import type { HostKey, Key, Op, OpCase, OpCases, Shape, Tensor } from '@dendrite/spec';
import { one, sizeOf } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { bernoulli, normal, permutation, uniform } from './random.ts';
import { randomBits } from './random-bits.ts';

const seed = 20_261_124;
/** The one input gives the runtime; its values do not matter. */
const use = (
  name: string,
  shape: Shape,
  run: (key: Key) => Tensor,
  data: (key: HostKey, size: number) => ArrayLike<number>,
): OpCase => ({
  name,
  inputs: [{ shape: [1], dtype: 'int32', values: [0] }],
  run: one(({ runtime }) => run(runtime.key(seed))),
  reference: () => [{ shape, data: data(hostKey(seed), sizeOf(shape)) }],
});
const signed = (key: HostKey, size: number): Int32Array => Int32Array.from(hostBits(key, size), (word) => word | 0);
/** The upper 24 bits of a word, the lowest signed word first, over 2²⁴. */
const unit = (key: HostKey, size: number): number[] =>
  Array.from(signed(key, size), (word) => ((word ^ 0x80000000) >>> 8) / 2 ** 24);
const forked = (key: HostKey, label: string): HostKey => keyFromWords(forkWords(key.words, label));

const table = (op: Op, cases: readonly OpCase[]): OpCases => ({ op, cases });
const bits = opNamed('core/random-bits');
const shapes: readonly Shape[] = [[], [0], [1], [3], [5], [33], [2, 3, 1, 2]];

export const randomCases: readonly OpCases[] = [
  table(bits, [
    ...shapes.map((shape) => use(`bits [${shape}]`, shape, (key) => randomBits(key, shape), signed)),
    ...shapes.map((shape) => use(`uniform [${shape}]`, shape, (key) => uniform(key, shape), unit)),
    use(
      'uniform between bounds',
      [33],
      (key) => uniform(key, [33], { min: -2, max: 6 }),
      (key, size) => unit(key, size).map((u) => -2 + 8 * u),
    ),
    use(
      'bernoulli',
      [33],
      (key) => bernoulli(key, [33], { probability: 0.3 }),
      (key, size) => unit(key, size).map((u) => Number(u < Math.fround(0.3))),
    ),
    use(
      'permutation',
      [33],
      (key) => permutation(key, 33),
      (key, size) => {
        const words = signed(key, size);
        return Array.from(words.keys()).sort((i, j) => (words[i] as number) - (words[j] as number) || i - j);
      },
    ),
    use(
      'normal, by Box and Muller',
      [33],
      (key) => normal(key, [33], { mean: 1, deviation: 2 }),
      (key, size) => {
        const v = unit(forked(key, 'angle'), size);
        return unit(forked(key, 'radius'), size).map(
          (u, i) => 1 + 2 * Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * (v[i] as number)),
        );
      },
    ),
  ]),
];
