// Scaled dot-product attention, forward and with its gradients, beside PyTorch: the formula in 1.13, its own op from 2.0 on.
import { scaledDotProduct } from '@dendrite/attention/ops';
import { grad, mul, normal, sum } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { type Contest, contests } from './contests.ts';

interface Attention {
  /** Batch, heads, inputs, width. */
  readonly shape: readonly [batch: number, heads: number, inputs: number, width: number];
  readonly causal: boolean;
}
const attentions: readonly Attention[] = [
  { shape: [8, 8, 128, 64], causal: false },
  { shape: [8, 8, 128, 64], causal: true },
  { shape: [16, 4, 64, 32], causal: true },
  { shape: [1, 8, 512, 64], causal: false },
  { shape: [1, 8, 512, 64], causal: true },
  { shape: [1, 1, 2048, 64], causal: false },
  { shape: [1, 1, 2048, 64], causal: true },
];

export async function attention(options: BenchOptions): Promise<Result> {
  return contests({ bench: 'attention', unit: 'ms', perMs: 1 }, attentions.flatMap(kinds), options);
}

function kinds({ shape, causal }: Attention): readonly Contest[] {
  const name = `[${shape.join(', ')}]${causal ? ', causal' : ''}`;
  const setup = `q, k, v = (learning(${shape.join(', ')}) for _ in range(3))\nw = values(${shape.join(', ')})`;
  const call = `attention(q, k, v, ${causal ? 'True' : 'False'})`;
  return [false, true].map((backwards): Contest => {
    return {
      name: backwards ? `${name}, with gradients` : name,
      ours(runtime) {
        const drawn = (seed: number): Tensor => normal(runtime.key(seed), shape);
        const [q, k, v, w] = [drawn(1), drawn(2), drawn(3), drawn(4)];
        if (!backwards) return () => scaledDotProduct(q, k, v, { causal });
        const slope = grad(([q, k, v]: Three) => sum(mul(scaledDotProduct(q, k, v, { causal }), w)));
        return () => slope([q, k, v]);
      },
      torch: { setup, code: backwards ? `gradients((${call} * w).sum(), q, k, v)` : call },
    };
  });
}
type Three = readonly [Tensor, Tensor, Tensor];
