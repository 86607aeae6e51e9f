/** Uses of drawn classes: the same on every backend, since the words and the choice are. */
import { forkWords, randomBits as hostBits, hostKey, keyFromWords } from '@dendrite/random';
import type { HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { at, host, one, sizeOf } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { categorical } from './categorical.ts';

const seed = 11;
const key = keyFromWords(forkWords(hostKey(seed).words, 'classes'));
/** The upper 24 bits of a word, the lowest signed word first, over 2²⁴, and never 0. */
const unit = (size: number): number[] =>
  Array.from(hostBits(key, size), (word) => Math.max(((word ^ 0x80000000) >>> 8) / 2 ** 24, 2 ** -25));

/** `argmax(logits − ln(−ln u))`, with the first of equals; a NaN wins. */
function drawn(x: HostTensor, samples: number | undefined): HostTensor {
  const classes = x.shape.at(-1) as number;
  const rows = x.shape.slice(0, -1);
  const shape = samples === undefined ? rows : [...rows, samples];
  const u: HostTensor = { shape: [...shape, classes], data: unit(sizeOf(shape) * classes) };
  return host(shape, (index) => {
    const scores = Array.from(
      { length: classes },
      (_, k) => at(x, [...index.slice(0, rows.length), k]) - Math.log(-Math.log(at(u, [...index, k]))),
    );
    const broken = scores.findIndex(Number.isNaN);
    return broken < 0 ? scores.indexOf(Math.max(...scores)) : broken;
  });
}

const use = (name: string, shape: readonly number[], samples?: number, values?: readonly number[]): OpCase => ({
  name: `categorical: ${name}`,
  inputs: [{ shape, ...(values && { values }) }],
  run: one((x) => categorical(x.runtime.key(seed).fork('classes'), x, samples === undefined ? {} : { samples })),
  reference: ([x]) => (x ? [drawn(x, samples)] : []),
  differentiable: [],
});

const never = Number.NEGATIVE_INFINITY;
export const categoricalCases: OpCases = {
  op: opNamed('core/arg-reduce'),
  cases: [
    use('one class', [3, 1]),
    use('a row', [5]),
    use('rows', [4, 7]),
    use('33 samples of each row', [2, 3], 33),
    use('no samples', [2, 3], 0),
    use('classes of probability 0', [2, 3], 16, [0, never, 0, never, never, 5]),
  ],
};
