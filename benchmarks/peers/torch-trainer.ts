// PyTorch's side of a training race.
import { type Batch, learningRate, type Weights } from '../benches/net-trainer.ts';
import type { Racer } from '../harness/race.ts';
import { openPython, packed } from './python.ts';

/** Eager PyTorch from our weights on our batches, or why it cannot be had. */
export async function torchTrainer(
  weights: Weights,
  batches: readonly Batch[],
  threads: number,
): Promise<{ readonly racer: Racer; readonly build: string } | { readonly missing: string }> {
  const peer = await openPython('torch_training.py', threads);
  if ('missing' in peer) return peer;
  await peer.ask({ do: 'load', batches: batches.map(({ shape, x, y }) => ({ shape, x: packed(x), y: packed(y) })) });
  const sent = Object.fromEntries([...weights].map(([path, { shape, data }]) => [path, [shape, packed(data)]]));
  await peer.ask({ do: 'make', weights: sent, learningRate });
  return {
    build: peer.build,
    racer: {
      name: peer.name,
      steps: Number.POSITIVE_INFINITY,
      train: (which) => peer.ask({ do: 'train', batches: which }),
      dispose: () => peer.close(),
    },
  };
}
