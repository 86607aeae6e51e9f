/** The element types that are Dendrite's own dtypes: what it writes, and what models consist of. */
import type { DType, HostArray } from '@dendrite/spec';
import { formatError, quote } from '../format-error.ts';

export interface StoredType {
  /** Bytes an element. */
  readonly width: number;
  /** The dtype it is read as. */
  readonly dtype: DType;
  /** Elements of `bytes`, which start at a multiple of 8 and are the caller's to keep. */
  read(bytes: ArrayBuffer, name: string): HostArray;
}

/** By the name that stands in files, widest first: the order in which arrays are written. */
export const nativeTypes: StoredTypes = /* @__PURE__ */ new Map<string, StoredType>([
  ['F64', { width: 8, dtype: 'float64', read: (bytes) => new Float64Array(bytes) }],
  ['F32', { width: 4, dtype: 'float32', read: (bytes) => new Float32Array(bytes) }],
  ['I32', { width: 4, dtype: 'int32', read: (bytes) => new Int32Array(bytes) }],
  ['U8', { width: 1, dtype: 'uint8', read: (bytes) => new Uint8Array(bytes) }],
  ['BOOL', { width: 1, dtype: 'bool', read: (bytes, name) => checkBooleans(new Uint8Array(bytes), name) }],
]);
export type StoredTypes = ReadonlyMap<string, StoredType>;

/** The stored type of each dtype, lossless. */
export const storedNames: Readonly<Record<DType, string>> = {
  float64: 'F64',
  float32: 'F32',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
};

function checkBooleans(values: Uint8Array, name: string): Uint8Array {
  const wrong = values.findIndex((value) => value > 1);
  if (wrong >= 0) throw formatError(`element ${wrong} of ${quote(name)} (BOOL) must be 0 or 1, got ${values[wrong]}`);
  return values;
}
