/** Which keys a query may see: one bool tensor of all that is asked for, true where it may. */
import { add, expandDims, less, lessEqual, logicalAnd, range, reshape } from '@dendrite/core';
import { DendriteError, type Runtime, type Shape, type Tensor } from '@dendrite/spec';

export interface MaskOptions {
  /** No query sees a key that stands behind it: key j is seen by query i where `j ≤ i + S − T`. Default false. */
  readonly causal?: boolean;
  /** bool, true = may be seen; it broadcasts to the scores `[…, T, S]`. */
  readonly mask?: Tensor;
  /** bool `[B, S]`, true = a real key. */
  readonly keyMask?: Tensor;
  /** int32 `[B]`: the keys of each example from this place on are padding. */
  readonly keyLengths?: Tensor;
}

/** bool `[B, length]`, true before each length. @example maskOf lengths 1 and 3 to 3: `[[1, 0, 0], [1, 1, 1]]` */
export function lengthMask(lengths: Tensor, length: number): Tensor {
  if (lengths.dtype !== 'int32' || lengths.shape.length !== 1)
    throw new DendriteError(
      'DTYPE',
      `lengthMask(): lengths must be int32 [batch], got ${lengths.dtype} [${lengths.shape.join(', ')}]. Write tensor([…], undefined, 'int32').`,
    );
  return less(range(length, { runtime: lengths.runtime }), expandDims(lengths, { axis: 1 }));
}

/** bool `[T, S]`: query i sees the keys up to its own place, counted from the end of both. */
export function causalMask(runtime: Runtime, queries: number, keys: number): Tensor {
  const row = reshape(range(queries, { runtime }), [queries, 1]);
  return lessEqual(range(keys, { runtime }), add(row, keys - queries));
}

/** What `mask`, `keyMask` and `keyLengths` say together, broadcasting to `scores`; undefined: every key is seen. */
export function jointMask(
  owner: string,
  scores: Shape,
  { mask, keyMask, keyLengths }: Omit<MaskOptions, 'causal'>,
): Tensor | undefined {
  const [batch, keys = 0] = [scores[0], scores.at(-1)];
  const ofKeys = (given: Tensor): Tensor => {
    if (given.dtype !== 'bool' || given.shape.length !== 2 || given.shape[0] !== batch || given.shape[1] !== keys)
      throw new DendriteError(
        'SHAPE',
        `${owner}(): keyMask must be bool [${batch}, ${keys}], one value a key, got ${given.dtype} [${given.shape.join(', ')}].`,
      );
    return reshape(given, [given.shape[0] ?? 0, ...scores.slice(1, -1).map(() => 1), keys]);
  };
  if (mask !== undefined && mask.dtype !== 'bool')
    throw new DendriteError(
      'DTYPE',
      `${owner}(): mask must be bool (true = may be seen), got ${mask.dtype}. Write notEqual(mask, 0).`,
    );
  const parts = [mask, keyMask && ofKeys(keyMask), keyLengths && ofKeys(lengthMask(keyLengths, keys))].filter(
    (part) => part !== undefined,
  );
  const joint = parts.length === 0 ? undefined : parts.reduce((a, b) => logicalAnd(a, b));
  if (joint !== undefined && !reaches(joint.shape, scores))
    throw new DendriteError(
      'SHAPE',
      `${owner}(): the mask must broadcast to the scores [${scores.join(', ')}], got [${joint.shape.join(', ')}].`,
    );
  return joint;
}

/** Whether a shape broadcasts to another one. */
const reaches = (from: Shape, to: Shape): boolean =>
  from.length <= to.length && from.every((length, i) => length === 1 || length === to[i + to.length - from.length]);
