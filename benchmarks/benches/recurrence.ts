// Recurrent layers over whole sequences, forward and with the gradients of parameters and inputs, beside PyTorch's.
import { grad, mul, normal, sum } from '@dendrite/core';
import { gru, lstm, simpleRnn } from '@dendrite/rnn-lstm';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { type Contest, contests } from './contests.ts';

const cells = [
  { name: 'LSTM', make: lstm, torch: 'LSTM' },
  { name: 'GRU', make: gru, torch: 'GRU' },
  { name: 'simple RNN', make: simpleRnn, torch: 'RNN' },
] as const;
/** Batch, steps, and inputs, which are as many as units. */
const sizes = [
  [32, 100, 128],
  [16, 20, 32],
] as const;

export async function recurrence(options: BenchOptions): Promise<Result> {
  const rows = sizes.flatMap(([batch, time, width]) =>
    cells.flatMap(({ name, make, torch }) =>
      [false, true].map((backwards): Contest => {
        const shape = [batch, time, width];
        const lengths = shape.join(', ');
        return {
          name: `${name} ${batch}×${time}×${width}${backwards ? ', with gradients' : ''}`,
          ours(runtime) {
            const key = runtime.key(1);
            const layer: Layer<Tree, Tree> = make(width);
            const { params, state } = layer.init(key, shape);
            const [x, w] = [normal(runtime.key(2), shape), normal(runtime.key(3), shape)];
            const forward = (params: Tree, x: Tensor): Tensor =>
              layer.apply({ params, state }, x, { training: true, key })[0];
            if (!backwards) return () => forward(params, x);
            const slope = grad((p: { readonly params: Tree; readonly x: Tensor }) =>
              sum(mul(forward(p.params, p.x), w)),
            );
            return () => slope({ params, x });
          },
          torch: {
            setup: [
              `net = torch.nn.${torch}(${width}, ${width}, batch_first=True)`,
              `x, w, leaves = learning(${lengths}), values(${lengths}), list(net.parameters())`,
            ].join('\n'),
            code: backwards ? 'gradients((net(x)[0] * w).sum(), x, *leaves)' : 'net(x)',
          },
        };
      }),
    ),
  );
  return contests({ bench: 'recurrence', unit: 'ms', perMs: 1 }, rows, options);
}
