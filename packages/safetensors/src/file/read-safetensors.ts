/**
 * Reads the bare format: 8 bytes little-endian header length, a JSON header, the data. A file is a stranger's: everything
 * is checked against the length of the file before any memory is taken for it.
 */
import { DendriteError, type Json, type SavedArray, type Shape } from '@dendrite/spec';
import { formatError, quote } from '../format-error.ts';
import { parseJson } from '../strict-json/parse-json.ts';
import type { StoredType, StoredTypes } from './native-types.ts';
import { storedTypes } from './stored-types.ts';

/** Named arrays and texts: all that a safetensors file can hold. */
export interface SafetensorsFile {
  readonly arrays: Readonly<Record<string, SavedArray>>;
  /** The header's `__metadata__`; empty where there is none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The longest header that is read, as in the reference implementation. */
export const MAX_HEADER_BYTES = 100_000_000;

/**
 * The arrays and metadata of a file, in the order of their data. Arrays are copies. F32, F64, I32, U8 and BOOL are read as
 * they are (NaN payloads and −0 too); F16 and BF16 become float32; I8, I16, U16, and I64, U32, U64 where each value fits, int32.
 * @throws FORMAT  if anything about the file is not as the format says, naming what and where
 * @source https://github.com/huggingface/safetensors#format
 */
export const readSafetensors = (bytes: Uint8Array): SafetensorsFile => readTyped(bytes, storedTypes);

/** The same for files of these element types alone. */
export function readTyped(bytes: Uint8Array, types: StoredTypes): SafetensorsFile {
  if (!(bytes instanceof Uint8Array)) {
    throw new DendriteError(
      'OPTION',
      `readSafetensors(): the file must be a Uint8Array, got ${Object.prototype.toString.call(bytes).slice(8, -1)}. Wrap an ArrayBuffer: new Uint8Array(buffer).`,
    );
  }
  const dataStart = 8 + headerLength(bytes);
  const header = objectOf(parseJson(headerText(bytes, dataStart), 'the header'), 'the header');
  const metadata = readMetadata(header.__metadata__);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => readEntry(name, entry, types))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, bytes.length - dataStart);
  const arrays: Record<string, SavedArray> = {};
  for (const { name, type, shape, begin, end } of entries) {
    const own = new Uint8Array(end - begin);
    own.set(bytes.subarray(dataStart + begin, dataStart + end));
    arrays[name] = { dtype: type.dtype, shape, data: type.read(own.buffer, name) };
  }
  return { arrays, metadata };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < 8) throw formatError(`a file must have at least 8 bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  const most = Math.min(bytes.length - 8, MAX_HEADER_BYTES);
  if (length > most) {
    throw formatError(
      `the header's length (bytes 0 to 7) must be at most ${most} in a file of ${bytes.length} bytes, got ${length}`,
    );
  }
  return length;
}

function headerText(bytes: Uint8Array, end: number): string {
  if (bytes[8] !== 0x7b || end < 9)
    throw formatError(`the header (from byte 8) must begin with "{", got ${end < 9 ? 'nothing' : `byte ${bytes[8]}`}`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, end));
  } catch (cause) {
    throw formatError(
      `the header (bytes 8 to ${end - 1}) must be UTF-8, got other bytes${cause instanceof TypeError ? '' : ' or too many'}`,
    );
  }
}

function readMetadata(value: Json | undefined): Record<string, string> {
  if (value === undefined) return {};
  const metadata: Record<string, string> = {};
  for (const [name, text] of Object.entries(objectOf(value, '__metadata__'))) {
    if (typeof text !== 'string') throw formatError(`__metadata__.${quote(name)} must be a text, got ${kindOf(text)}`);
    metadata[name] = text;
  }
  return metadata;
}

interface Entry {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

const FIELDS = ['dtype', 'shape', 'data_offsets'];

function readEntry(name: string, value: Json, types: StoredTypes): Entry {
  const what = `array ${quote(name)}`;
  const entry = objectOf(value, what);
  for (const field of FIELDS)
    if (!Object.hasOwn(entry, field)) throw formatError(`${what} must have "${field}", got none`);
  for (const field of Object.keys(entry)) {
    if (!FIELDS.includes(field)) throw formatError(`${what} must have ${FIELDS.join(', ')} only, got ${quote(field)}`);
  }
  const { dtype, shape: lengths, data_offsets: offsets } = entry;
  const type = typeof dtype === 'string' ? types.get(dtype) : undefined;
  if (type === undefined) {
    const known = [...types.keys()].join(', ');
    throw formatError(
      `${what}: dtype must be one of ${known}, got ${typeof dtype === 'string' ? quote(dtype) : kindOf(dtype)}`,
      'Convert it before saving.',
    );
  }
  const shape = wholeNumbers(lengths, `${what}: shape`);
  const [begin, end, ...more] = wholeNumbers(offsets, `${what}: data_offsets`);
  if (begin === undefined || end === undefined || more.length > 0 || begin > end) {
    throw formatError(`${what}: data_offsets must be [begin, end] with begin ≤ end, got ${cut(offsets)}`);
  }
  const elements = shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1);
  const bytes = elements * type.width;
  if (!Number.isSafeInteger(bytes))
    throw formatError(`${what}: shape must be less than 2⁵³ bytes, got ${cut(lengths)}`);
  if (bytes !== end - begin) {
    throw formatError(
      `${what}: data_offsets must span the ${bytes} bytes of ${String(dtype)} ${cut(lengths)}, got ${end - begin} (${cut(offsets)})`,
    );
  }
  return { name, type, shape, begin, end };
}

/** Arrays, sorted by begin, must fill the data from its first byte to its last without gaps or overlaps. */
function checkLayout(entries: readonly Entry[], length: number): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (end > length)
      throw formatError(
        `array ${quote(name)} must end within the ${length} bytes of data, got data_offsets [${begin},${end}]`,
      );
    if (begin < at)
      throw formatError(
        `array ${quote(name)} must not overlap another, got data_offsets [${begin},${end}] after byte ${at}`,
      );
    if (begin > at)
      throw formatError(
        `array ${quote(name)} must follow the array before it at byte ${at}, got a hole up to byte ${begin}`,
      );
    at = end;
  }
  if (at !== length)
    throw formatError(`the data must end with the last array at byte ${at}, got ${length - at} bytes more`);
}

function wholeNumbers(value: Json | undefined, what: string): number[] {
  if (!Array.isArray(value)) throw formatError(`${what} must be an array of whole numbers, got ${kindOf(value)}`);
  return value.map((item: Json) => {
    if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0) {
      throw formatError(`${what} must be whole numbers from 0 to 2⁵³ − 1, got ${cut(value)}`);
    }
    return item + 0; // −0 becomes 0
  });
}

function objectOf(value: Json, what: string): { readonly [name: string]: Json } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw formatError(`${what} must be an object, got ${kindOf(value)}`);
  }
  return value as { readonly [name: string]: Json };
}

const kindOf = (value: Json | undefined): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'an array'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`;

const cut = (value: Json | undefined): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
