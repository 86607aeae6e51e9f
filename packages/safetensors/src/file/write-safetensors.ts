/** Writes the bare format, byte for byte as the reference implementation does: widest types first, then by name; header padded to 8 bytes. */
import { DendriteError, type DType, type HostArray, type SavedArray } from '@dendrite/spec';
import { isUnsafeName } from '../strict-json/limits.ts';
import { nativeTypes, storedNames } from './native-types.ts';

const ORDER = [...nativeTypes.keys()];
const HOLDS: Readonly<Record<DType, (data: HostArray) => boolean>> = {
  float64: (data) => data instanceof Float64Array,
  float32: (data) => data instanceof Float32Array,
  int32: (data) => data instanceof Int32Array,
  uint8: (data) => data instanceof Uint8Array,
  bool: (data) => data instanceof Uint8Array && data.every((value) => value <= 1),
};

/**
 * The bytes of a safetensors file. The same arrays and metadata give the same bytes, whatever their order.
 * @param arrays  By name; `data` has the dtype and as many elements as the shape says
 * @param metadata  Texts by name, sorted by name in the file
 * @param options.into  Memory to write to where it is large enough; the result is its beginning. Default: new memory
 * @throws SHAPE, DTYPE  if an array's data are not what its shape and dtype say; OPTION  if a name is empty or reserved, or a text is none
 * @example
 * import { readSafetensors, writeSafetensors } from '@dendrite/safetensors';
 * const bytes = writeSafetensors({ bias: { dtype: 'float32', shape: [2], data: new Float32Array([1, 2]) } });
 * readSafetensors(bytes).arrays.bias?.data; // Float32Array [1, 2]
 */
export function writeSafetensors(
  arrays: Readonly<Record<string, SavedArray>>,
  metadata: Readonly<Record<string, string>> = {},
  { into }: { readonly into?: ArrayBuffer | undefined } = {},
): Uint8Array<ArrayBuffer> {
  const sorted = Object.entries(arrays)
    .map(([name, array]) => ({ name, array, type: checkArray(name, array) }))
    .sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type) || compare(a.name, b.name));
  const header = [...metadataEntry(metadata)];
  let end = 0;
  for (const { name, array, type } of sorted) {
    const begin = end;
    end += array.data.byteLength;
    header.push(
      `${JSON.stringify(name)}:{"dtype":"${type}","shape":[${array.shape.join(',')}],"data_offsets":[${begin},${end}]}`,
    );
  }
  const text = new TextEncoder().encode(`{${header.join(',')}}`);
  const padded = Math.ceil(text.length / 8) * 8;
  const size = 8 + padded + end;
  const bytes = into && into.byteLength >= size ? new Uint8Array(into, 0, size) : new Uint8Array(size);
  bytes.fill(0, 0, 8);
  new DataView(bytes.buffer).setUint32(0, padded, true);
  bytes.set(text, 8);
  bytes.fill(0x20, 8 + text.length, 8 + padded);
  let at = 8 + padded;
  for (const { data } of sorted.map(({ array }) => array)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function* metadataEntry(metadata: Readonly<Record<string, string>>): Iterable<string> {
  const entries = Object.entries(metadata).sort((a, b) => compare(a[0], b[0]));
  for (const [name, text] of entries) {
    if (isUnsafeName(name) || typeof text !== 'string') {
      throw new DendriteError(
        'OPTION',
        `writeSafetensors(): metadata must be texts under names that JavaScript does not reserve, got ${typeof text} as ${JSON.stringify(name)}. Write JSON.stringify(value), or choose another name.`,
      );
    }
  }
  if (entries.length === 0) return;
  yield `"__metadata__":{${entries.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`).join(',')}}`;
}

/** The name of the stored type. */
function checkArray(name: string, { dtype, shape, data }: SavedArray): string {
  const what = `writeSafetensors(): array ${JSON.stringify(name)}`;
  if (name === '' || name === '__metadata__' || isUnsafeName(name)) {
    throw new DendriteError('OPTION', `${what} must have a name that is not empty or reserved, got that. Rename it.`);
  }
  if (!Object.hasOwn(storedNames, dtype) || !HOLDS[dtype](data)) {
    throw new DendriteError(
      'DTYPE',
      `${what} must hold elements of its dtype ${dtype}${dtype === 'bool' ? ' (bytes 0 and 1)' : ''}, got a ${data.constructor.name}. Convert the data or name their dtype.`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.some((length) => !Number.isSafeInteger(length) || length < 0) || size !== data.length) {
    throw new DendriteError(
      'SHAPE',
      `${what} must have as many elements as its shape says, got shape [${shape.join(', ')}] and ${data.length} elements. Correct the shape.`,
    );
  }
  return storedNames[dtype];
}

/** By UTF-16 code units, the same in every locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
