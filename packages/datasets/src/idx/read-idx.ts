/**
 * The idx format (LeCun's files of MNIST): a magic number that names the element type and the rank, the lengths of the
 * axes, then the elements, all big-endian. Bytes may be gzipped. This reads one array; it looks for no file.
 */
import { DendriteError, type DType, type Shape } from '@dendrite/spec';
import { isGzip, unpackWithin } from '../gzip/gunzip.ts';

/** One array of an idx file. Signed bytes and shorts are widened to int32, which spec's dtypes lack otherwise. */
export interface IdxArray {
  readonly dtype: Exclude<DType, 'bool'>;
  readonly shape: Shape;
  readonly data: Uint8Array | Int32Array | Float32Array | Float64Array;
}

interface Element {
  readonly bytes: number;
  readonly dtype: IdxArray['dtype'];
  read(view: DataView, at: number): number;
}

const elements = new Map<number, Element>([
  [0x08, { bytes: 1, dtype: 'uint8', read: (view, at) => view.getUint8(at) }],
  [0x09, { bytes: 1, dtype: 'int32', read: (view, at) => view.getInt8(at) }],
  [0x0b, { bytes: 2, dtype: 'int32', read: (view, at) => view.getInt16(at) }],
  [0x0c, { bytes: 4, dtype: 'int32', read: (view, at) => view.getInt32(at) }],
  [0x0d, { bytes: 4, dtype: 'float32', read: (view, at) => view.getFloat32(at) }],
  [0x0e, { bytes: 8, dtype: 'float64', read: (view, at) => view.getFloat64(at) }],
]);
const maxRank = 8;

/**
 * Reads an idx file: `[0, 0, type, rank] [length of each axis] [elements]`.
 * Nothing is believed: the lengths must fit the bytes that are there, to the byte, and memory is taken only for bytes
 * that are there; of gzipped input no more is unpacked than its header announces.
 * @param bytes  The file, gzipped or not.
 * @param options.maxBytes  The most bytes that the unpacked file may have, default 2^30.
 * @param options.name  What errors call the file, default `'the file'`.
 * @returns  dtype, shape and elements in row-major order. uint8 data of input that is not gzipped shares its bytes.
 * @throws FORMAT  if the magic number is wrong, the file is cut off or goes on after its last element, or the gzip
 *   stream is damaged.
 * @source  LeCun, Cortes & Burges, "The MNIST database of handwritten digits" (file formats)
 * @example
 * import { readIdx } from '@dendrite/datasets/idx';
 * const { dtype, shape, data } = await readIdx(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1])); // uint8, [3]
 */
export async function readIdx(bytes: Uint8Array, options: IdxOptions = {}): Promise<IdxArray> {
  return parseIdx(await unpackIdx(bytes, options), options);
}

export interface IdxOptions {
  readonly maxBytes?: number;
  readonly name?: string;
}
const defaults = { maxBytes: 2 ** 30, name: 'the file' };

/** The file without its gzip layer, if it has one; never more bytes than its header announces. */
export async function unpackIdx(bytes: Uint8Array, options: IdxOptions = {}): Promise<Uint8Array> {
  const { maxBytes, name } = { ...defaults, ...options };
  if (!isGzip(bytes)) return bytes;
  return unpackWithin(bytes, {
    name,
    owner: 'readIdx()',
    limit: (start) => sizeOf(start, name, maxBytes),
    advice: 'Something follows the last element; fetch it again.',
  });
}

/** The array of an unpacked file. */
export function parseIdx(file: Uint8Array, options: IdxOptions = {}): IdxArray {
  const { maxBytes, name } = { ...defaults, ...options };
  const header = headerOf(file, name);
  if (header === undefined) {
    throw new DendriteError(
      'FORMAT',
      `readIdx(): ${name} must begin with a whole idx header, got ${file.length} bytes. It is cut off; fetch it again.`,
    );
  }
  const { element, shape, start } = header;
  const size = sizeWithin(header, name, maxBytes);
  if (file.length !== size) {
    const what = file.length < size ? 'It is cut off' : 'Something follows the last element';
    throw new DendriteError(
      'FORMAT',
      `readIdx(): ${name} with shape [${shape.join(', ')}] must have ${size} bytes, got ${file.length}. ${what}; fetch it again.`,
    );
  }
  const count = (size - start) / element.bytes;
  if (element.dtype === 'uint8') return { dtype: 'uint8', shape, data: file.subarray(start) };
  const view = new DataView(file.buffer, file.byteOffset + start, file.length - start);
  const data = makeArray(element.dtype, count);
  for (let i = 0; i < count; i++) data[i] = element.read(view, i * element.bytes);
  return { dtype: element.dtype, shape, data };
}

interface Header {
  readonly element: Element;
  readonly shape: Shape;
  /** Where the elements begin, in bytes. */
  readonly start: number;
}

/** The header, or undefined while too few bytes are known. */
function headerOf(file: Uint8Array, name: string): Header | undefined {
  if (file.length < 4) return undefined;
  const [zero, alsoZero, type = 0, rank = 0] = file;
  const element = elements.get(type);
  if (zero !== 0 || alsoZero !== 0 || element === undefined || rank === 0 || rank > maxRank) {
    const got = [...file.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new DendriteError(
      'FORMAT',
      `readIdx(): ${name} must begin with 00 00, an element type (08, 09, 0b to 0e) and a rank from 1 to ${maxRank}, got ${got}. It is not an idx file.`,
    );
  }
  const start = 4 + 4 * rank;
  if (file.length < start) return undefined;
  const view = new DataView(file.buffer, file.byteOffset);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { element, shape, start };
}

/** Bytes of the whole file, as its header announces them. Past 2^53 the product is inexact, and far above any limit. */
function sizeWithin({ element, shape, start }: Header, name: string, maxBytes: number): number {
  const size = start + element.bytes * shape.reduce((a, b) => a * b, 1);
  if (size > maxBytes) {
    throw new DendriteError(
      'FORMAT',
      `readIdx(): ${name} must have at most ${maxBytes} bytes, got a header that announces ${size} (shape [${shape.join(', ')}]). Raise options.maxBytes if that is right.`,
    );
  }
  return size;
}

function sizeOf(start: Uint8Array, name: string, maxBytes: number): number | undefined {
  const header = headerOf(start, name);
  return header && sizeWithin(header, name, maxBytes);
}

function makeArray(dtype: IdxArray['dtype'], count: number): Int32Array | Float32Array | Float64Array {
  if (dtype === 'float64') return new Float64Array(count);
  return dtype === 'float32' ? new Float32Array(count) : new Int32Array(count);
}
