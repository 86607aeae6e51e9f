/** What the WASM kernels of attention share: sizes of blocks, keys in panels, and which keys a row of scores may see. */
import { numbered, numberedNames } from '@dendrite/core/wasm-kernels';
import type { Call, KernelConstants, TensorSpec } from '@dendrite/spec';
import { type FunctionBuilder, f32x4, i16x8, i32, i32x4, type Local, type Value, v128 } from '@dendrite/wasm-assembler';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

/** Queries, and keys, of a block of scores at most. Measured: both blocks, the scores and the results lie in the nearest two caches. */
const mostQueries = 64;
const mostKeys = 96;
/** Under a causal mask half of what a block at the border computes is thrown away: smaller blocks throw away less. */
const mostCausal = 32;
/** Bytes of a row of a block of scores. */
export const scoreRow: number = 4 * mostKeys;
/** Bytes of a block of scores. */
export const scoreBlock: number = mostQueries * scoreRow;

/** The length of blocks that are as alike as they can be in multiples of `step`. */
const evenly = (length: number, most: number, step: number): number =>
  step * Math.ceil(length / Math.max(1, Math.ceil(length / most)) / step) || step;

export interface AttentionLengths {
  /** Examples times heads. */
  readonly matrices: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
  /** Eights of keys. */
  readonly panels: number;
  /** Queries, and keys, of a block; the keys are whole eights. Of keys their number alone decides, so no query's bits depend on others. */
  readonly blockQueries: number;
  readonly blockKeys: number;
  /** Blocks of queries. */
  readonly blocks: number;
}
const product = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);

export function attentionLengths({ inputs: [query, key, value], attributes }: Call): AttentionLengths {
  const [queries = 0, width = 0] = query?.shape.slice(-2) ?? [];
  const keys = key?.shape.at(-2) ?? 0;
  const causal = attributes.causal === true;
  const blockQueries = evenly(queries, causal ? mostCausal : mostQueries, 4);
  return {
    ...{ matrices: product(query?.shape.slice(0, -2) ?? []), queries, keys, width },
    valueWidth: value?.shape.at(-1) ?? 0,
    panels: Math.ceil(keys / 8),
    ...{ blockQueries, blockKeys: evenly(keys, causal ? mostCausal : mostKeys, 8) },
    blocks: Math.ceil(queries / blockQueries),
  };
}

/** All that a kernel is emitted for: lengths of sequences are arguments. */
export const attentionConstants = (call: Call, mask: TensorSpec | undefined): KernelConstants => {
  const { width, valueWidth } = attentionLengths(call);
  const { causal, scale } = call.attributes;
  const perKey = mask !== undefined && (mask.shape.at(-1) ?? 1) > 1;
  return {
    ...{ width, valueWidth, causal: causal === true, scale: Number(scale) },
    ...{ masked: mask !== undefined, perKey, axes: Math.max(0, (call.inputs[0]?.shape.length ?? 2) - 2) },
  };
};

/** Bytes of a mask from one row of scores, and from one index of each axis before, to the next; with the axes' lengths. */
export function maskArguments(call: Call, mask: TensorSpec | undefined): readonly number[] {
  const front = call.inputs[0]?.shape.slice(0, -2) ?? [];
  const { queries, keys } = attentionLengths(call);
  const scores = [...front, queries, keys];
  const shape = mask?.shape ?? [];
  const strides = scores.map((_, axis) => {
    const at = axis - scores.length + shape.length;
    return at < 0 || (shape[at] ?? 1) === 1 ? 0 : product(shape.slice(at + 1));
  });
  return [strides[front.length] ?? 0, ...front, ...strides.slice(0, front.length)];
}
/** The mask among the inputs. */
export const maskInput = ({ masked }: KernelConstants): readonly string[] => numberedNames('mask', masked ? 1 : 0);
/** Names of what `maskArguments` gives, after `maskRow`. */
export const maskNames = (axes: number): readonly string[] => [
  ...numberedNames('axis', axes),
  ...numberedNames('maskStep', axes),
];

/** The mask of a query of a matrix; undefined: there is none. */
export function maskRowOf(
  f: FunctionBuilder,
  parameters: { readonly [name: string]: unknown; readonly maskRow: Int },
  constants: KernelConstants,
  { matrix, query }: { readonly matrix: Int; readonly query: Int },
): Local<'i32'> | undefined {
  const [mask] = numbered(parameters, 'mask', maskInput(constants).length);
  if (!mask) return undefined;
  const axes = Number(constants.axes);
  const at = f.let(mask.add(query.mul(parameters.maskRow)));
  const left = f.let(matrix);
  const steps = numbered(parameters, 'maskStep', axes);
  for (const [axis, length] of [...numbered(parameters, 'axis', axes).entries()].reverse()) {
    at.set(at.add(left.rem_u(length).mul(steps[axis] ?? length)));
    left.set(left.div_u(length));
  }
  return at;
}

/** Lanes of keys `at … at + 3` of a block that may be seen: those before `visible` that the mask allows. */
export function allowedLanes(
  f: FunctionBuilder,
  { masked, perKey }: KernelConstants,
  { at, visible, mask }: { readonly at: Int; readonly visible: Vector; readonly mask: Int },
): Vector {
  const before = lanesBefore(f, at, visible);
  if (masked !== true) return f.let(before);
  const bytes = perKey === true ? v128.load32_zero(mask.add(at)) : i32x4.splat(i32.load8_u(mask));
  const four = perKey === true ? i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)) : bytes;
  return f.let(v128.and(before, i32x4.ne(four, f.hoist(i32x4.splat(0)))));
}
/** Lanes `at … at + 3` that stand before `end`. */
export const lanesBefore = (f: FunctionBuilder, at: Int, end: Vector): Vector =>
  i32x4.lt_s(i32x4.add(i32x4.splat(at), f.hoist(countUp())), end);
const countUp = (): Vector => [1, 2, 3].reduce<Vector>((lanes, i) => i32x4.replace_lane(lanes, i, i), i32x4.splat(0));

/** Keys of a block that row `query` sees at most: all of `keys`, or up to its own place. `ahead`: keys less queries less the block's first. */
export function visibleKeys(f: FunctionBuilder, causal: boolean, keys: Int, query: Int, ahead: Int): Vector {
  if (!causal) return f.let(i32x4.splat(keys));
  const seen = f.let(query.add(ahead).add(1));
  f.if(seen.gt_s(keys), () => seen.set(keys));
  return f.let(i32x4.splat(seen));
}

/** The lesser of two numbers. */
export function atMost(f: FunctionBuilder, value: Int, most: Int): Local<'i32'> {
  const least = f.let(value);
  f.if(least.gt_s(most), () => least.set(most));
  return least;
}

/** `−1e30`, as everywhere in attention: e to it is 0 beside any real score. */
export const unseenLanes = (f: FunctionBuilder): Vector => f.hoist(f32x4.splat(-1e30));
