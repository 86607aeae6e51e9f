// Normalisations of images and of tokens, forward and with all gradients, beside PyTorch's.
import { grad, mul, normal, sum } from '@dendrite/core';
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from '@dendrite/nn';
import type { Layer, Shape, Tensor, Tree } from '@dendrite/spec';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { type Contest, contests } from './contests.ts';

interface Norm {
  readonly name: string;
  readonly layer: Layer<Tree, Tree>;
  readonly shape: Shape;
  /** In PyTorch's order of axes, with `x`, `scale` and `offset`. */
  readonly torch: { readonly shape: Shape; readonly code: string };
}
const tokens = [4096, 512];
const images = [8, 32, 32, 64];
const channelsFirst = [8, 64, 32, 32];
const table: readonly Norm[] = [
  {
    name: 'layer, 512 wide',
    layer: layerNorm(),
    shape: tokens,
    torch: { shape: tokens, code: 'F.layer_norm(x, [512], scale, offset)' },
  },
  {
    name: 'root mean square, 512 wide',
    layer: rmsNorm(),
    shape: tokens,
    torch: { shape: tokens, code: 'x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * scale' },
  },
  {
    name: 'batch, 64 channels',
    layer: batchNorm(),
    shape: images,
    torch: { shape: channelsFirst, code: 'F.batch_norm(x, None, None, scale, offset, True)' },
  },
  {
    name: 'group, 8 of 64 channels',
    layer: groupNorm({ groups: 8 }),
    shape: images,
    torch: { shape: channelsFirst, code: 'F.group_norm(x, 8, scale, offset)' },
  },
  {
    name: 'instance, 64 channels',
    layer: instanceNorm(),
    shape: images,
    torch: { shape: channelsFirst, code: 'F.instance_norm(x, None, None, scale, offset)' },
  },
];

export async function norms(options: BenchOptions): Promise<Result> {
  const rows = table.flatMap(({ name, layer, shape, torch }) =>
    [false, true].map((backwards): Contest => {
      const channels = shape.at(-1) ?? 0;
      const leaves = torch.code.includes('offset') ? 'x, scale, offset' : 'x, scale';
      return {
        name: backwards ? `${name}, with gradients` : name,
        ours(runtime) {
          const [x, w] = [normal(runtime.key(1), shape), normal(runtime.key(2), shape)];
          const key = runtime.key(3);
          const { params, state } = layer.init(key, shape);
          const forward = (params: Tree, x: Tensor): Tensor =>
            layer.apply({ params, state }, x, { training: true, key })[0];
          if (!backwards) return () => forward(params, x);
          const slope = grad((p: { readonly params: Tree; readonly x: Tensor }) => sum(mul(forward(p.params, p.x), w)));
          return () => slope({ params, x });
        },
        torch: {
          setup: [
            `x, w = learning(${torch.shape.join(', ')}), values(${torch.shape.join(', ')})`,
            `scale, offset = learning(${channels}), learning(${channels})`,
          ].join('\n'),
          code: backwards ? `gradients((${torch.code} * w).sum(), ${leaves})` : torch.code,
        },
      };
    }),
  );
  return contests({ bench: 'norms', unit: 'µs', perMs: 1000 }, rows, options);
}
