/** The element types of the format: how wide each is, and how it is read into one of the five dtypes of Dendrite. */
import { formatError, quote } from '../format-error.ts';
import { nativeTypes, type StoredType, type StoredTypes } from './native-types.ts';

/** By the name that stands in files. */
export const storedTypes: StoredTypes = /* @__PURE__ */ new Map<string, StoredType>([
  ...nativeTypes,
  ['I64', { width: 8, dtype: 'int32', read: (bytes, name) => narrow(new BigInt64Array(bytes), name, 'I64') }],
  ['U64', { width: 8, dtype: 'int32', read: (bytes, name) => narrow(new BigUint64Array(bytes), name, 'U64') }],
  ['U32', { width: 4, dtype: 'int32', read: (bytes, name) => narrow(new Uint32Array(bytes), name, 'U32') }],
  ['BF16', { width: 2, dtype: 'float32', read: (bytes) => floatsOf(bytes, (half) => half << 16) }],
  ['F16', { width: 2, dtype: 'float32', read: (bytes) => floatsOf(bytes, bitsOfHalf) }],
  ['U16', { width: 2, dtype: 'int32', read: (bytes) => Int32Array.from(new Uint16Array(bytes)) }],
  ['I16', { width: 2, dtype: 'int32', read: (bytes) => Int32Array.from(new Int16Array(bytes)) }],
  ['I8', { width: 1, dtype: 'int32', read: (bytes) => Int32Array.from(new Int8Array(bytes)) }],
]);

/** Whole numbers of another type as int32, if each fits. */
function narrow(values: ArrayLike<number | bigint>, name: string, type: string): Int32Array {
  const out = new Int32Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const value = values[i] as number | bigint;
    if (value < -(2 ** 31) || value >= 2 ** 31) {
      throw formatError(
        `element ${i} of ${quote(name)} (${type}) must fit int32, got ${value}`,
        'Store it as F64 or as smaller numbers: there is no 64-bit integer here.',
      );
    }
    out[i] = Number(value);
  }
  return out;
}

/** 16-bit floats as float32, by bits: exact, and a NaN keeps its payload. */
function floatsOf(bytes: ArrayBuffer, bits: (half: number) => number): Float32Array {
  return new Float32Array(Int32Array.from(new Uint16Array(bytes), bits).buffer);
}

/** Bits of the float32 of an IEEE 754 binary16: sign 1, exponent 5 (bias 15), fraction 10. */
function bitsOfHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: fraction · 2⁻²⁴, normalised by moving the leading one to bit 10.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 1023) << 13);
}
