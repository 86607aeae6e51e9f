/** The shape rule of a sequence op: the only check there is. */
import { DendriteError, type Shape, type TensorSpec } from '@dendrite/spec';
import type { CellRule } from './cell-rule.ts';

/** @throws SHAPE, DTYPE, OPTION */
export function recurrenceShape(rule: CellRule, inputs: readonly TensorSpec[]): readonly TensorSpec[] {
  const { called, gates, states, kept, recurrentBias } = rule;
  const [projected, recurrent] = inputs;
  const firstState = recurrentBias ? 3 : 2;
  const least = firstState + states;
  if (!projected || !recurrent || inputs.length < least || inputs.length > least + 1)
    throw new DendriteError(
      'OPTION',
      `${called}(): must have ${least} inputs, and lengths where they differ, got ${inputs.length}.`,
    );
  const [B = 0, T = 0, width = 0] = projected.shape;
  const [H = 0] = recurrent.shape;
  const { dtype } = projected;
  if (dtype !== 'float32' && dtype !== 'float64')
    throw new DendriteError('DTYPE', `${called}(): projected must be float32 or float64, got ${dtype}. Cast it.`);
  const wanted = (name: string, given: TensorSpec | undefined, shape: Shape, as: string = dtype): void => {
    if (!given || given.dtype !== as || String(given.shape) !== String(shape) || given.shape.length !== shape.length)
      throw new DendriteError(
        given && given.dtype !== as ? 'DTYPE' : 'SHAPE',
        `${called}(): ${name} must be ${as} [${shape.join(', ')}], got ${given?.dtype ?? 'nothing'} [${given?.shape.join(', ') ?? ''}].`,
      );
  };
  if (projected.shape.length !== 3 || recurrent.shape.length !== 2 || width !== gates * H)
    throw new DendriteError(
      'SHAPE',
      `${called}(): projected must be [batch, time, ${gates} · units] for recurrent [units, ${gates} · units], got [${projected.shape.join(', ')}] and [${recurrent.shape.join(', ')}].`,
    );
  wanted('recurrent', recurrent, [H, width]);
  if (recurrentBias) wanted('recurrentBias', inputs[2], [width]);
  ['hidden', 'cell'].slice(0, states).forEach((name, s) => {
    wanted(name, inputs[firstState + s], [B, H]);
  });
  if (inputs.length > least) wanted('lengths', inputs[least], [B], 'int32');
  const state = { shape: [B, H], dtype };
  return [
    { shape: [B, T, H], dtype },
    ...Array.from({ length: states }, () => state),
    ...(kept > 0 ? [{ shape: [T, kept, B, H], dtype }] : []),
    ...Array.from({ length: states }, () => ({ shape: [T, B, H], dtype })),
  ];
}
