/** Gzip by the platform's own stream, in Node and browsers alike, never unpacking more than is allowed or announced. */
import { DendriteError } from '@dendrite/spec';

export interface GunzipOptions {
  /** The most bytes that may come out, default 2^30: a small file can announce any amount of zeros. */
  readonly maxBytes?: number;
  /** What errors call the file, default `'the file'`. */
  readonly name?: string;
}

/**
 * The contents of a gzip file of one member; bytes that are not gzipped come back as they are. For text, `readCsv(await gunzip(bytes))`.
 * @throws FORMAT  if the stream is damaged, cut off or followed by other bytes, or if more than `maxBytes` come out.
 * @source RFC 1952
 * @example
 * import { gunzip } from '@dendrite/datasets';
 * import { readCsv } from '@dendrite/datasets/csv';
 * const table = readCsv(await gunzip(new TextEncoder().encode('a,b\n1,2'))); // as it is: it is not gzipped
 */
export async function gunzip(bytes: Uint8Array, options: GunzipOptions = {}): Promise<Uint8Array> {
  const { maxBytes = 2 ** 30, name = 'the file' } = options;
  if (!isGzip(bytes)) return bytes;
  return unpackWithin(bytes, {
    name,
    owner: 'gunzip()',
    limit: () => maxBytes,
    advice: 'Raise options.maxBytes if that is right.',
  });
}

/** Whether the bytes begin as a gzip file does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

export interface UnpackRules {
  readonly name: string;
  /** The function that users called, for messages. */
  readonly owner: string;
  /** What to do about too many bytes. */
  readonly advice: string;
  /** Given the first unpacked bytes, how many there may be in all; undefined while it cannot tell yet. */
  limit(start: Uint8Array): number | undefined;
}

/** Unpacks a gzip file of one member. @throws FORMAT  as `gunzip`, with the caller's limit */
export async function unpackWithin(bytes: Uint8Array, rules: UnpackRules): Promise<Uint8Array> {
  const { name, owner, advice } = rules;
  const reader = unpacked(bytes).getReader();
  let file = new Uint8Array(Math.min(4 * bytes.length, 2 ** 16));
  let length = 0;
  let limit: number | undefined;
  for (;;) {
    const chunk = await nextChunk(reader, rules);
    if (chunk === undefined) return file.subarray(0, length);
    if (length + chunk.length > file.length) file = grown(file, length, length + chunk.length, limit);
    file.set(chunk, length);
    length += chunk.length;
    try {
      limit ??= rules.limit(file.subarray(0, length));
    } catch (error) {
      await reader.cancel().catch(() => undefined);
      throw error;
    }
    if (limit !== undefined && length > limit) {
      await reader.cancel().catch(() => undefined); // the rest may be huge: it is never unpacked
      throw new DendriteError('FORMAT', `${owner}: ${name} must have ${limit} bytes unpacked, got more. ${advice}`);
    }
  }
}

/** Doubles, so a header that announces much takes memory only for bytes that come; ends exactly where the limit is near. */
function grown(file: Uint8Array, used: number, needed: number, limit: number | undefined): Uint8Array<ArrayBuffer> {
  const next = Math.max(needed, Math.min(2 * file.length, limit ?? Number.POSITIVE_INFINITY));
  const larger = new Uint8Array(next);
  larger.set(file.subarray(0, used));
  return larger;
}

function unpacked(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const copy = new Uint8Array(bytes); // a stream takes only bytes that no SharedArrayBuffer owns
  const packed = new ReadableStream<BufferSource>({
    start(controller) {
      controller.enqueue(copy);
      controller.close();
    },
  });
  return packed.pipeThrough<Uint8Array>(new DecompressionStream('gzip'));
}

async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { name, owner }: UnpackRules,
): Promise<Uint8Array | undefined> {
  try {
    const { done, value } = await reader.read();
    return done ? undefined : value;
  } catch (cause) {
    throw new DendriteError(
      'FORMAT',
      `${owner}: ${name} must be a whole gzip stream, got one that is damaged or cut off. Fetch it again.`,
      { cause },
    );
  }
}
