/**
 * The checksum of a saved model: CRC-32, that of zip and PNG, of the whole file with zeros in place of its eight digits. It tells
 * damage, not forgery.
 * @source ISO 3309; four bytes a step as Kounavis and Berry (2005) do
 */
import { formatError } from '../format-error.ts';

/** What stands in the file until the sum is known. */
export const noChecksum = '00000000';

/** Puts its checksum into a file that has none as yet. */
export function writeChecksum(file: Uint8Array): void {
  const { digits, at } = checksum(file);
  new TextEncoder().encodeInto(digits, file.subarray(at));
}

/** @throws FORMAT  where the file is not as it was written */
export function checkChecksum(file: Uint8Array, written: string): void {
  const { digits } = checksum(file);
  if (digits !== written) throw formatError(`the checksum must be ${written.slice(0, 8)}, got ${digits}`);
}

/** Its eight digits, and where they lie in the file. */
function checksum(file: Uint8Array): { readonly digits: string; readonly at: number } {
  const header = file.slice(0, 8 + new DataView(file.buffer, file.byteOffset).getUint32(0, true));
  // Within the texts before it quotes are escaped.
  const name = '"checksum":"';
  const at = new TextDecoder('latin1').decode(header).indexOf(name) + name.length;
  header.fill(0x30, at, at + noChecksum.length);
  const sum = ~divided(file.subarray(header.length), divided(header, -1));
  return { digits: (sum >>> 0).toString(16).padStart(8, '0'), at };
}

/** The rest of the division, from the rest of the bytes before. */
function divided(bytes: Uint8Array, before: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let rest = before;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    rest ^= view.getInt32(i, true);
    rest =
      (table[768 + (rest & 255)] as number) ^
      (table[512 + ((rest >>> 8) & 255)] as number) ^
      (table[256 + ((rest >>> 16) & 255)] as number) ^
      (table[rest >>> 24] as number);
  }
  for (; i < bytes.length; i++) rest = (rest >>> 8) ^ (table[(rest ^ (bytes[i] as number)) & 255] as number);
  return rest;
}

/** Of each byte, and of each with one, two and three zeros behind it: eight steps of the division by the reversed 0x04c11db7. */
const table: Int32Array = /* @__PURE__ */ (() => {
  const rests = new Int32Array(1024);
  for (let i = 0; i < 1024; i++) {
    let rest = i < 256 ? i : (rests[i - 256] as number);
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
    rests[i] = rest;
  }
  return rests;
})();
