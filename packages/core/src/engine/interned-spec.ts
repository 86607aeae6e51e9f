/**
 * Specs by identity: one object for each (dtype, shape), so that "is this the same call as before" is a comparison of
 * references. They are small and few (one for each distinct shape a program meets).
 */
import { DendriteError, type DType, type Shape, type TensorSpec } from '@dendrite/spec';

export interface InternedSpec extends TensorSpec {
  readonly id: number;
  readonly size: number;
  readonly bytes: number;
  /** Bytes of an element. */
  readonly width: number;
}

const bytesPerElement: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 };
const interned = new Map<string, InternedSpec>();

/** The last ones that were asked for, the newest anywhere: a loop uploads the same shapes again and again, and a name is dear. */
const recent: (InternedSpec | undefined)[] = [undefined, undefined, undefined, undefined];
let oldest = 0;

function isOf(spec: InternedSpec, shape: Shape, dtype: DType): boolean {
  if (spec.dtype !== dtype || spec.shape.length !== shape.length) return false;
  for (let i = 0; i < shape.length; i++) if (spec.shape[i] !== shape[i]) return false;
  return true;
}

/** The one spec object of this shape and dtype. @throws SHAPE if a length is not a whole number ≥ 0. */
export function internSpec(shape: Shape, dtype: DType): InternedSpec {
  for (let i = 0; i < recent.length; i++) {
    const spec = recent[i];
    if (spec !== undefined && isOf(spec, shape, dtype)) return spec;
  }
  const name = `${dtype}:${shape.join(',')}`;
  const spec = interned.get(name) ?? addSpec(name, shape, dtype);
  recent[oldest] = spec;
  oldest = (oldest + 1) & 3;
  return spec;
}

function addSpec(name: string, shape: Shape, dtype: DType): InternedSpec {
  let size = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0)
      throw new DendriteError('SHAPE', `shape: every length must be a whole number ≥ 0, got [${shape.join(', ')}].`);
    size *= length;
  }
  if (!Number.isSafeInteger(size))
    throw new DendriteError('SHAPE', `shape: the number of elements must be below 2⁵³, got [${shape.join(', ')}].`);
  const width = bytesPerElement[dtype];
  if (width === undefined)
    throw new DendriteError('DTYPE', `dtype: must be one of ${Object.keys(bytesPerElement).join(', ')}, got ${dtype}.`);
  const spec: InternedSpec = {
    id: interned.size,
    shape: Object.freeze([...shape]),
    dtype,
    size,
    bytes: size * width,
    width,
  };
  interned.set(name, spec);
  return spec;
}
