/** Borders. */
import { DendriteError, defineOp, type PrimitiveOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { checked, only } from '../expression/expression-op.ts';
import { viewOf } from '../reshape/reshape.ts';
import { slice } from '../slice/slice.ts';
import { type PadMode, padByCopies, padModes } from './pad-by-copies.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/pad',
  infer: ([x], { before, after }) => {
    const { shape, dtype } = x as TensorSpec;
    return [
      {
        shape: shape.map(
          (length, axis) =>
            length + ((before as readonly number[])[axis] as number) + ((after as readonly number[])[axis] as number),
        ),
        dtype,
      },
    ];
  },
  saves: {},
  gradient: ({ dy: [d], spec, attributes }) => [
    d ? slice(d, { begin: attributes.before as readonly number[], size: spec(0).shape }) : null,
  ],
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/pad']),
    wasm: () => import('./pad.wasm.ts').then((m) => m.padWasmKernel),
  },
});

/** A border that holds one number: what gradients of views and parts are made of. */
export const padWith = (x: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor =>
  only(x.runtime.run(op, [x], { before, after }, [value]));

export interface PadOptions {
  /** Elements in front of each axis. */
  readonly before: readonly number[];
  /** Elements behind each axis. */
  readonly after: readonly number[];
  /** What a constant border holds. Default 0. */
  readonly value?: number;
  /**
   * For `abc`: `'constant'` (default), `'reflect'` `cb|abc|ba`, `'symmetric'` `ba|abc|cb`, `'edge'` `aa|abc|cc`,
   * `'wrap'` `bc|abc|ab`. A border may be longer than what it repeats.
   */
  readonly mode?: PadMode;
}

/**
 * `x` with `before[i]` elements in front of axis i and `after[i]` behind it: all of `value`, or copies of what is inside.
 * @gradient  the inner part of the cotangent; with copies, also what each copy has
 * @throws OPTION  unless before and after have one whole number ≥ 0 an axis; SHAPE where there is nothing to copy
 * @example
 * import { pad, tensor } from '@dendrite/core';
 * await pad(tensor([1, 2]), { before: [1], after: [2] }).toArray(); // [0, 1, 2, 0, 0]
 * await pad(tensor([1, 2, 3]), { before: [2], after: [0], mode: 'reflect' }).toArray(); // [3, 2, 1, 2, 3]
 */
export function pad(x: Tensor, { before, after, value = 0, mode = 'constant' }: PadOptions): Tensor {
  const { shape } = checked(x, 'pad');
  for (const [name, border] of [
    ['before', before],
    ['after', after],
  ] as const)
    if (border.length !== shape.length || border.some((width) => !Number.isInteger(width) || width < 0))
      throw new DendriteError(
        'OPTION',
        `pad(): ${name} must have ${shape.length} whole numbers ≥ 0 for shape [${shape.join(', ')}], got [${border.join(', ')}].`,
      );
  if (!padModes.includes(mode))
    throw new DendriteError(
      'OPTION',
      `pad(): mode must be ${padModes.map((each) => `'${each}'`).join(' or ')}, got '${String(mode)}'.`,
    );
  if (mode !== 'constant') return runInScope(() => padByCopies(viewOf(x, shape, 0), before, after, mode), 'pad');
  // Copies: the tape keeps them, and the caller may go on with his arrays.
  return padWith(x, [...before], [...after], value);
}
