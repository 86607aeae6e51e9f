// Pooling and its gradients on the images of LeNet-5 and of a residual network, ours as [B, H, W, C], PyTorch's as [B, C, H, W].
import { avgPool2d, avgPool2dGradientOp, maxPool2d, maxPool2dGradientOp } from '@dendrite/cnn/ops';
import { normal } from '@dendrite/core';
import type { Runtime, Shape, Tensor } from '@dendrite/spec';
import type * as Tfjs from '@tensorflow/tfjs-core';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { type Contest, contests } from './contests.ts';

interface Pooling {
  readonly name: string;
  readonly images: readonly [batch: number, height: number, width: number, channels: number];
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}
const halves = (name: string, ...images: Pooling['images']): Pooling => ({
  ...{ name, images, size: 2, stride: 2, padding: 0 },
});
const poolings: readonly Pooling[] = [
  halves('LeNet s2', 64, 28, 28, 6),
  halves('LeNet s4', 64, 10, 10, 16),
  halves('2×2, 64 channels', 8, 56, 56, 64),
  { name: '3×3 at stride 2, 64 channels', images: [8, 56, 56, 64], size: 3, stride: 2, padding: 1 },
];

export async function pooling(options: BenchOptions): Promise<Result> {
  return contests(
    { bench: 'pooling', unit: 'µs', perMs: 1000 },
    poolings.flatMap((each) => [...kinds(each, 'max'), ...kinds(each, 'average')]),
    options,
  );
}

/** The pooling, and its gradient alone. */
function kinds({ name, images, size, stride, padding }: Pooling, kind: 'max' | 'average'): readonly Contest[] {
  const [batch, height, width, channels] = images;
  const count = (length: number): number => Math.floor((length + 2 * padding - size) / stride) + 1;
  const pooled = [batch, count(height), count(width), channels];
  const [pool, gradient] =
    kind === 'max' ? ([maxPool2d, maxPool2dGradientOp] as const) : ([avgPool2d, avgPool2dGradientOp] as const);
  const both = [padding, padding];
  const attributes = { size: [size, size], stride: [stride, stride], before: both, after: both };
  const setup = [
    `x = values(${batch}, ${channels}, ${height}, ${width})`,
    `y, places = F.max_pool2d(x, ${size}, ${stride}, ${padding}, return_indices=True)`,
    'dy, a = torch.randn_like(y), torch.ops.aten',
  ].join('\n');
  const windows = `[${size}, ${size}], [${stride}, ${stride}], [${padding}, ${padding}]`;
  const code =
    kind === 'max'
      ? `a.max_pool2d_with_indices_backward(dy, x, ${windows}, [1, 1], False, places)`
      : `a.avg_pool2d_backward(dy, x, ${windows}, False, False, None)`;
  return [
    {
      name: `${kind}: ${name}`,
      ours(runtime) {
        const x = drawn(runtime, images);
        return () => pool(x, { size, stride, padding });
      },
      torch: {
        setup,
        code:
          kind === 'max'
            ? `F.max_pool2d(x, ${size}, ${stride}, ${padding})`
            : `F.avg_pool2d(x, ${size}, ${stride}, ${padding}, count_include_pad=False)`,
      },
      tfjs(tf) {
        const x = tf.randomNormal<Tfjs.Rank.R4>([...images]);
        return () => tf[kind === 'max' ? 'maxPool' : 'avgPool'](x, size, stride, padding);
      },
    },
    {
      name: `${kind}, gradient: ${name}`,
      ours(runtime) {
        const [x, dy] = [drawn(runtime, images), drawn(runtime, pooled)];
        if (kind === 'max') return () => runtime.run(gradient, [x, dy], attributes);
        return () => runtime.run(gradient, [dy], { ...attributes, countPadding: false, spatial: [height, width] });
      },
      torch: { setup, code },
    },
  ];
}

const drawn = (runtime: Runtime, shape: Shape): Tensor => normal(runtime.key(1), shape);
