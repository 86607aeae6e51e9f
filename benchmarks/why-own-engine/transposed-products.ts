// What a transposed operand costs tfjs's WASM backend: every backward pass of a dense layer has two.
import { interleave } from '../harness/interleave.ts';
import type { Fact } from './fact.ts';
import { tfjsOn } from './tfjs-on.ts';

const size = 512;
/** Slower than this many times counts as slow. */
const bar = 5;

export const transposedProducts: Fact = {
  claim: "tfjs's WASM backend multiplies transposed matrices many times slower than plain ones",
  measure: async () => {
    const tf = await tfjsOn('wasm');
    const m = tf.randomUniform([size, size], -1, 1, 'float32', 1) as ReturnType<typeof tf.tensor2d>;
    const product = (name: string, transposeA: boolean, transposeB: boolean) => ({
      name,
      units: 1,
      warmUp: 1,
      run: async () => {
        const y = tf.matMul(m, m, transposeA, transposeB);
        await y.data();
        y.dispose();
      },
    });
    const [plain, ...transposed] = await interleave(
      [
        product('plain', false, false),
        product('first transposed', true, false),
        product('second transposed', false, true),
      ],
      5,
    );
    m.dispose();
    const base = plain?.median ?? Number.NaN;
    const threads = (await import('@tensorflow/tfjs-backend-wasm')).getThreadsCount();
    return {
      reproduced: transposed.every(({ median }) => median > bar * base),
      seen: [
        `${size}³ plain: ${base.toFixed(1)} ms`,
        ...transposed.map(
          ({ name, median }) => `${size}³ ${name}: ${median.toFixed(1)} ms (${(median / base).toFixed(1)} ×)`,
        ),
        `threads in Node: ${threads}`,
      ],
    };
  },
};
