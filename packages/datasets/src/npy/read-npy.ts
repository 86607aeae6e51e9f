/**
 * The npy format (numpy's files of one array): a magic number, a header that is a Python dictionary as text, then the
 * elements. Bytes may be gzipped. Arrays of Python objects are pickles, programs that is, and are refused.
 */
import { DendriteError, type DType, type Shape } from '@dendrite/spec';
import { isGzip, unpackWithin } from '../gzip/gunzip.ts';

/** One array of an npy file, in row-major order. */
export interface NpyArray {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: Uint8Array | Int32Array | Float32Array | Float64Array;
}
export interface NpyOptions {
  /** The most bytes that the unpacked file may have, default 2^30. */
  readonly maxBytes?: number;
  /** What errors call the file, default `'the file'`. */
  readonly name?: string;
}

interface Element {
  readonly bytes: number;
  readonly dtype: DType;
  read(view: DataView, at: number, little: boolean): number | bigint;
}

/** By kind and width as numpy writes them. */
const elements = new Map<string, Element>([
  ['b1', { bytes: 1, dtype: 'bool', read: (view, at) => view.getUint8(at) }],
  ['u1', { bytes: 1, dtype: 'uint8', read: (view, at) => view.getUint8(at) }],
  ['i1', { bytes: 1, dtype: 'int32', read: (view, at) => view.getInt8(at) }],
  ['u2', { bytes: 2, dtype: 'int32', read: (view, at, little) => view.getUint16(at, little) }],
  ['i2', { bytes: 2, dtype: 'int32', read: (view, at, little) => view.getInt16(at, little) }],
  ['u4', { bytes: 4, dtype: 'int32', read: (view, at, little) => view.getUint32(at, little) }],
  ['i4', { bytes: 4, dtype: 'int32', read: (view, at, little) => view.getInt32(at, little) }],
  ['u8', { bytes: 8, dtype: 'int32', read: (view, at, little) => view.getBigUint64(at, little) }],
  ['i8', { bytes: 8, dtype: 'int32', read: (view, at, little) => view.getBigInt64(at, little) }],
  ['f4', { bytes: 4, dtype: 'float32', read: (view, at, little) => view.getFloat32(at, little) }],
  ['f8', { bytes: 8, dtype: 'float64', read: (view, at, little) => view.getFloat64(at, little) }],
]);
/** numpy itself refuses longer headers. */
const maxHeader = 10_000;
const maxRank = 32;

/**
 * Reads an npy file, versions 1 to 3. Nothing is believed: the shape must fit the bytes that are there, to the byte, before memory is
 * taken for it; of gzipped input no more is unpacked than its header announces.
 * @returns  dtype, shape and elements in row-major order, whatever order the file has. Whole numbers of other widths become int32.
 * @throws FORMAT  for another file, one that is cut off or goes on after its last element, an element type that is not read (objects,
 *   texts, float16, complex numbers), or a whole number that does not fit int32.
 * @source  https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * import { readNpy } from '@dendrite/datasets';
 * const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
 * const file = new Uint8Array([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length, 0, ...new TextEncoder().encode(header), 0, 0, 128, 63, 0, 0, 0, 64]);
 * (await readNpy(file)).data; // Float32Array [1, 2]
 */
export async function readNpy(bytes: Uint8Array, options: NpyOptions = {}): Promise<NpyArray> {
  const { maxBytes = 2 ** 30, name = 'the file' } = options;
  const limit = (start: Uint8Array): number | undefined => {
    const header = headerOf(start, name);
    return header && sizeWithin(header, name, maxBytes);
  };
  const file = isGzip(bytes)
    ? await unpackWithin(bytes, {
        name,
        owner: 'readNpy()',
        limit,
        advice: 'Something follows the last element; fetch it again.',
      })
    : bytes;
  const header = headerOf(file, name);
  if (header === undefined) throw wrong(name, 'begin with a whole npy header', `${file.length} bytes`);
  const size = sizeWithin(header, name, maxBytes);
  if (file.length !== size)
    throw wrong(`${name} with shape [${header.shape.join(', ')}]`, `have ${size} bytes`, String(file.length));
  return { dtype: header.element.dtype, shape: header.shape, data: elementsOf(file, header, name) };
}

interface Header {
  readonly element: Element;
  readonly little: boolean;
  readonly columnsFirst: boolean;
  readonly shape: Shape;
  /** Where the elements begin, in bytes. */
  readonly start: number;
}

/** The header, or undefined while too few bytes are known. */
function headerOf(file: Uint8Array, name: string): Header | undefined {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  const different = magic.some((byte, i) => i < file.length && file[i] !== byte);
  const version = file[6] ?? 1;
  if (different || version < 1 || version > 3)
    throw wrong(
      name,
      'begin with 93 "NUMPY" and a version from 1 to 3',
      `${hex(file.subarray(0, 6))} version ${version}`,
    );
  const lengthBytes = version === 1 ? 2 : 4;
  const textStart = 8 + lengthBytes;
  if (file.length < textStart) return undefined;
  const view = new DataView(file.buffer, file.byteOffset);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maxHeader) throw wrong(`the header of ${name}`, `have at most ${maxHeader} bytes`, String(length));
  const start = textStart + length;
  if (file.length < start) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(textStart, start));
  } catch (cause) {
    throw wrong(`the header of ${name}`, 'be UTF-8 text', 'other bytes', { cause });
  }
  return { ...parseHeader(text, name), start };
}

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`: three entries in any order, and nothing else of Python. */
function parseHeader(text: string, name: string): Omit<Header, 'start'> {
  const what = `the header of ${name}`;
  const body = /^\s*\{([^{}]*)\}\s*$/.exec(text)?.[1];
  const entry = /\s*'(descr|fortran_order|shape)'\s*:\s*(?:'([^']*)'|(True|False)|\(([0-9, ]*)\))\s*(?:,|$)\s*/y;
  const found = new Map<string, RegExpExecArray>();
  let at = 0;
  while (body !== undefined && at < body.length) {
    entry.lastIndex = at;
    const match = entry.exec(body);
    const key = match?.[1] ?? '';
    if (match === null || found.has(key)) throw wrong(what, "be {'descr', 'fortran_order', 'shape'}", shown(text));
    found.set(key, match);
    at = entry.lastIndex;
  }
  const descr = found.get('descr')?.[2];
  const order = found.get('fortran_order')?.[3];
  const lengths = found.get('shape')?.[4];
  if (descr === undefined || order === undefined || lengths === undefined)
    throw wrong(what, "be {'descr', 'fortran_order', 'shape'}", shown(text));
  const [, byteOrder = '', kind = ''] = /^([<>|=])([a-zA-Z]\d*)$/.exec(descr) ?? [];
  const element = elements.get(kind);
  if (element === undefined || (element.bytes > 1 && byteOrder !== '<' && byteOrder !== '>'))
    throw new DendriteError(
      'FORMAT',
      `readNpy(): the elements of ${name} must be one of ${[...elements.keys()].join(', ')}, got ${shown(descr)}. ${kind.startsWith('O') ? 'Python objects are programs and are never read: save numbers.' : "Convert them first: numpy.save(path, array.astype('float32'))."}`,
    );
  const parts = lengths.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  const shape = parts.map((part) => (/^\d{1,15}$/.test(part) ? Number(part) : -1));
  if (shape.length > maxRank || shape.includes(-1))
    throw wrong(what, `have a shape of at most ${maxRank} whole numbers`, shown(lengths));
  return { element, little: byteOrder !== '>', columnsFirst: order === 'True', shape };
}

/** Bytes of the whole file, as its header announces them. Past 2^53 the product is inexact, and far above any limit. */
function sizeWithin({ element, shape, start }: Header, name: string, maxBytes: number): number {
  const size = start + element.bytes * (shape.includes(0) ? 0 : shape.reduce((a, b) => a * b, 1));
  if (size > maxBytes)
    throw new DendriteError(
      'FORMAT',
      `readNpy(): ${name} must have at most ${maxBytes} bytes, got a header that announces ${size} (shape [${shape.join(', ')}]). Raise options.maxBytes if that is right.`,
    );
  return size;
}

function elementsOf(file: Uint8Array, header: Header, name: string): NpyArray['data'] {
  const { element, little, columnsFirst, shape, start } = header;
  const count = (file.length - start) / element.bytes;
  const view = new DataView(file.buffer, file.byteOffset + start, file.length - start);
  const data = made(element.dtype, count);
  for (let i = 0; i < count; i++) {
    const value = element.read(view, i * element.bytes, little);
    const fits =
      element.dtype === 'bool' ? value <= 1 : element.dtype !== 'int32' || (value >= -(2 ** 31) && value < 2 ** 31);
    if (!fits)
      throw wrong(
        `element ${i} of ${name}`,
        element.dtype === 'bool' ? 'be 0 or 1' : 'fit int32 (there is no 64-bit integer here)',
        String(value),
      );
    data[i] = Number(value);
  }
  return columnsFirst && shape.length > 1 ? rowMajor(data, shape, made(element.dtype, count)) : data;
}

/** The first axis runs fastest in `data`, the last in what is given back. */
function rowMajor<T extends NpyArray['data']>(data: NpyArray['data'], shape: Shape, out: T): T {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  for (let i = 0; i < out.length; i++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += (index[axis] as number) * (strides[axis] as number);
    out[i] = data[from] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      index[axis] = next === shape[axis] ? 0 : next;
      if (index[axis] !== 0) break;
    }
  }
  return out;
}

function made(dtype: DType, count: number): NpyArray['data'] {
  if (dtype === 'float64') return new Float64Array(count);
  if (dtype === 'float32') return new Float32Array(count);
  return dtype === 'int32' ? new Int32Array(count) : new Uint8Array(count);
}

const wrong = (what: string, rule: string, got: string, options?: ErrorOptions): DendriteError =>
  new DendriteError('FORMAT', `readNpy(): ${what} must ${rule}, got ${got}. It is no npy file, or cut off.`, options);
const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
const shown = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
