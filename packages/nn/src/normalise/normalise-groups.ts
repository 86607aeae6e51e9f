/** Normalisation over an example's positions and a group of its channels as an op: group norm; with a channel a group, instance norm. */
import { add, mean, mul, reshape, rsqrt, square, sub, sum } from '@dendrite/core';
import { type CompositeOp, DendriteError, defineOp, type Tensor, type TensorSpec } from '@dendrite/spec';

const over = { axes: [1, 3], keepDims: true };

/** Examples, positions, channels. @throws SHAPE */
function check(
  name: string,
  x: TensorSpec | undefined,
  others: readonly (TensorSpec | undefined)[],
  groups: number,
): readonly [number, number, number] {
  const [examples = 0, positions = 0, channels = 0] = x?.shape ?? [];
  if (x?.shape.length !== 3 || channels % groups !== 0)
    throw new DendriteError(
      'SHAPE',
      `${name}: x must be [examples, positions, channels] with channels in ${groups} groups, got [${x?.shape.join(', ') ?? ''}].`,
    );
  for (const other of others)
    if (other?.dtype !== x.dtype || other.shape.length !== 1 || other.shape[0] !== channels)
      throw new DendriteError(
        'SHAPE',
        `${name}: scale and offset must be ${x.dtype} [${channels}], got ${other?.dtype ?? 'nothing'} [${other?.shape.join(', ') ?? ''}].`,
      );
  return [examples, positions, channels];
}

/** `[B, P, G, C / G]` */
const grouped = (x: Tensor, groups: number): Tensor => {
  const [examples = 0, positions = 0, channels = 0] = x.shape;
  return reshape(x, [examples, positions, groups, channels / groups]);
};
/** `[B, 1, G, 1]` of `[B, G]`. */
const spread = (x: Tensor): Tensor => reshape(x, [x.shape[0] ?? 0, 1, x.shape[1] ?? 0, 1]);

/** Inputs x, scale, mean, variance, dy; outputs dx, dscale, doffset. */
const gradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'nn/normalise-groups-gradient',
  infer([x, scale], { groups }) {
    const [examples, positions, channels] = check('nn/normalise-groups-gradient', x, [scale], Number(groups));
    const dtype = x?.dtype ?? 'float32';
    return [
      { shape: [examples, positions, channels], dtype },
      { shape: [channels], dtype },
      { shape: [channels], dtype },
    ];
  },
  saves: {},
  gradient: { none: 'the second derivative of group norm and instance norm is not built' },
  decompose([x, scale, average, variance, dy], { groups, epsilon }) {
    if (!x || !scale || !average || !variance || !dy) return [];
    const count = Number(groups);
    const root = rsqrt(add(spread(variance), Number(epsilon)));
    const standard = mul(sub(grouped(x, count), spread(average)), root);
    const scaled = grouped(mul(dy, scale), count);
    const common = add(mean(scaled, over), mul(standard, mean(mul(scaled, standard), over)));
    return [
      reshape(mul(root, sub(scaled, common)), x.shape),
      sum(mul(dy, reshape(standard, x.shape)), { axes: [0, 1] }),
      sum(dy, { axes: [0, 1] }),
    ];
  },
  kernels: { wasm: () => import('./normalise-groups.wasm.ts').then((m) => m.normaliseGroupsGradientWasmKernel) },
});

/**
 * `y = (x − mean) / √(variance + epsilon) · scale + offset` for x `[B, P, C]`, mean and variance of each example and group of
 * neighbouring channels; two passes over the data. Attributes groups and epsilon. Outputs y; mean and variance `[B, G]` for the gradient.
 * @gradient  dx = (g − mean g − x̂ · mean(g · x̂)) / σ with g = dy · scale; dscale = Σ dy · x̂, doffset = Σ dy over all but channels
 */
export const normaliseGroupsOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'nn/normalise-groups',
  visible: 1,
  infer([x, scale, offset], { groups }) {
    const [examples, positions, channels] = check('nn/normalise-groups', x, [scale, offset], Number(groups));
    const dtype = x?.dtype ?? 'float32';
    const of = { shape: [examples, Number(groups)], dtype };
    return [{ shape: [examples, positions, channels], dtype }, of, of];
  },
  saves: { inputs: [0, 1], outputs: [1, 2] },
  gradient: ({ input, output, dy: [dy], attributes }) =>
    dy ? dy.runtime.run(gradientOp, [input(0), input(1), output(1), output(2), dy], attributes) : [null, null, null],
  decompose([x, scale, offset], { groups, epsilon }) {
    if (!x || !scale || !offset) return [];
    const parts = grouped(x, Number(groups));
    const average = mean(parts, over);
    const centred = sub(parts, average);
    const variance = mean(square(centred), over);
    const standard = reshape(mul(centred, rsqrt(add(variance, Number(epsilon)))), x.shape);
    const of = [x.shape[0] ?? 0, Number(groups)];
    return [add(mul(standard, scale), offset), reshape(average, of), reshape(variance, of)];
  },
  kernels: { wasm: () => import('./normalise-groups.wasm.ts').then((m) => m.normaliseGroupsWasmKernel) },
});

/** `x` `[batch, …, channels]` normalised so. */
export function normalisedGroups(
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  attributes: { readonly groups: number; readonly epsilon: number },
): Tensor {
  const [batch = 0, ...positions] = x.shape.slice(0, -1);
  const flat = reshape(x, [batch, positions.reduce((a, b) => a * b, 1), scale.size]);
  const [y = flat] = x.runtime.run(normaliseGroupsOp, [flat, scale, offset], attributes);
  return reshape(y, x.shape);
}
