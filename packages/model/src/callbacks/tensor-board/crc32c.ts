/**
 * CRC-32C (Castagnoli), and the mask that TFRecord files put on it: `rotate right(crc, 15) + 0xa282ead8`, so that the sum of data that
 * hold sums is sound.
 * @source RFC 3720, appendix B.4; TensorFlow's `tsl/lib/hash/crc32c.h`
 */

/** Of each byte: eight steps of the division by the reversed polynomial 0x1edc6f41. */
const table: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
  return rest;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 255] as number);
  return ~crc >>> 0;
}

export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
