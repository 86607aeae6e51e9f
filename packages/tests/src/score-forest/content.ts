/** The UTF-8 text of a file, as bytes, out of gzip where it is in that. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DendriteError } from '@dendrite/spec';

/** @throws DATA  where there is no such file, or none that may be read; FORMAT as `contentOf` */
export async function contentAt(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    // 'ENOENT: no such file or directory, open …'
    const [said] = String(cause instanceof Error ? cause.message : cause).split(',');
    throw new DendriteError(
      'DATA',
      `score-forest: the table must be a file that can be read, got '${path}' (${said}). Check its path, which is taken from ${process.cwd()}.`,
      { cause },
    );
  }
  return contentOf(bytes);
}

/** @throws FORMAT  for gzip that is damaged, and text of 16 bits a letter; what else is no UTF-8 is refused by who reads it */
export function contentOf(bytes: Uint8Array): Uint8Array {
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzipped(bytes) : bytes;
  const [first, second] = content;
  // Letters of two bytes begin with a mark, or half of the bytes of plain text are zeros.
  if (
    (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff) ||
    content.subarray(0, 4096).includes(0)
  )
    throw new DendriteError(
      'FORMAT',
      'score-forest: the file must be text in UTF-8, got UTF-16 or no text at all. Write it anew: iconv -f UTF-16 -t UTF-8.',
    );
  return content;
}

function unzipped(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new DendriteError(
      'FORMAT',
      `score-forest: the file must be whole gzip, got what ends with '${said}' when it is unpacked. Fetch it again.`,
      { cause },
    );
  }
}
