// Values of tfjs's WASM backend beside plain loops.
import type { Fact } from './fact.ts';
import { tfjsOn } from './tfjs-on.ts';

export const wrongValues: Fact = {
  claim: "tfjs's WASM backend gives wrong values",
  measure: async () => {
    const tf = await tfjsOn('wasm');
    const seen: string[] = [];
    let wrong = 0;
    const compare = (name: string, got: ArrayLike<number>, expected: readonly number[]): void => {
      const bad = expected.filter(
        (value, i) => !(Math.abs((got[i] ?? Number.NaN) - value) <= 1e-3 * Math.max(1, Math.abs(value))),
      );
      if (bad.length > 0) wrong++;
      const few = (values: readonly number[]): string =>
        `${values
          .slice(0, 8)
          .map((value) => Number(value.toPrecision(8)))
          .join(' ')}${values.length > 8 ? ' …' : ''}`;
      seen.push(
        `${name}: ${bad.length === 0 ? 'right' : `${bad.length} of ${expected.length} wrong, got ${few(Array.from(got))}, expected ${few(expected)}`}`,
      );
    };

    // All values negative: each window's first element is its largest.
    const negative = tf.tensor4d(
      Array.from({ length: 16 }, (_, i) => -1 - i),
      [1, 4, 4, 1],
    );
    const pooled = tf.grad((x) => tf.sum(tf.maxPool(x as typeof negative, 2, 2, 'valid')))(negative);
    compare(
      'gradient of maxPool, negative windows',
      await pooled.data(),
      Array.from({ length: 16 }, (_, i) => (i % 2 === 0 && Math.floor(i / 4) % 2 === 0 ? 1 : 0)),
    );

    const a = [1, 2, 3, 4, 5, 6];
    const b = [1, 0, 2, 1, 1, 3, 5, 7, 2, 2, 1, 1];
    const bias = [1, 2, 3, 4];
    const product = tf.fused.matMul({
      a: tf.tensor2d(a, [2, 3]),
      b: tf.tensor2d(b, [4, 3]),
      transposeB: true,
      bias: tf.tensor1d(bias),
      activation: 'relu',
    });
    compare(
      'fused matMul, second operand transposed, bias and relu',
      await product.data(),
      Array.from({ length: 8 }, (_, at) => {
        let sum = bias[at % 4] ?? 0;
        for (let k = 0; k < 3; k++) sum += (a[Math.floor(at / 4) * 3 + k] ?? 0) * (b[(at % 4) * 3 + k] ?? 0);
        return Math.max(0, sum);
      }),
    );

    const filter = [0.5, 0.25, 0.1, 0];
    const dilated = tf.dilation2d(negative, tf.tensor3d(filter, [2, 2, 1]), 1, 'valid');
    compare(
      'dilation2d of negative values',
      await dilated.data(),
      Array.from({ length: 9 }, (_, at) => {
        const from = Math.floor(at / 3) * 4 + (at % 3);
        return Math.max(...filter.map((f, tap) => f - 1 - (from + Math.floor(tap / 2) * 4 + (tap % 2))));
      }),
    );

    const many = 2 ** 24 + 2 ** 20;
    compare(`sum of ${many} ones`, await tf.sum(tf.ones([many])).data(), [many]);
    compare(`mean of ${many} ones`, await tf.mean(tf.ones([many])).data(), [1]);
    compare('sum of 10,000,000 times 0.1', await tf.sum(tf.fill([10_000_000], 0.1)).data(), [1_000_000]);
    return { reproduced: wrong > 0, seen };
  },
};
