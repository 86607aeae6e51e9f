/** Gzip by the platform's own stream, in Node and browsers alike, never unpacking more than the content announces. */
import { DendriteError } from '@dendrite/spec';

/**
 * Unpacks a gzip file of one member.
 * @param options.limit  Given the first unpacked bytes, how many there may be in all; undefined while it cannot tell yet.
 * @throws FORMAT  if the stream is damaged, cut off or followed by other bytes, or if it holds more than the limit.
 */
export async function gunzip(
  bytes: Uint8Array,
  options: { readonly name: string; limit(start: Uint8Array): number | undefined },
): Promise<Uint8Array> {
  const { name } = options;
  const reader = unpacked(bytes).getReader();
  let file = new Uint8Array(Math.min(4 * bytes.length, 2 ** 16));
  let length = 0;
  let limit: number | undefined;
  for (;;) {
    const chunk = await nextChunk(reader, name);
    if (chunk === undefined) return file.subarray(0, length);
    if (length + chunk.length > file.length) file = grown(file, length, length + chunk.length, limit);
    file.set(chunk, length);
    length += chunk.length;
    try {
      limit ??= options.limit(file.subarray(0, length));
    } catch (error) {
      await reader.cancel().catch(() => undefined);
      throw error;
    }
    if (limit !== undefined && length > limit) {
      await reader.cancel().catch(() => undefined); // the rest may be huge: it is never unpacked
      throw new DendriteError(
        'FORMAT',
        `readIdx(): ${name} must have ${limit} bytes unpacked, got more. Something follows the last element; fetch it again.`,
      );
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
  name: string,
): Promise<Uint8Array | undefined> {
  try {
    const { done, value } = await reader.read();
    return done ? undefined : value;
  } catch (cause) {
    throw new DendriteError(
      'FORMAT',
      `readIdx(): ${name} must be a whole gzip stream, got one that is damaged or cut off. Fetch it again.`,
      { cause },
    );
  }
}
