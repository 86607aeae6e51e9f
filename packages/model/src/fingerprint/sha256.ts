/** SHA-256 in hex: by WebCrypto where there is one, else by a plain loop (pages served over http have none). */

/** The digest of these bytes, 64 hex digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // Only Node's and browsers' secure contexts have `subtle`. A view of shared memory is refused by it, hence copied.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle === undefined) return (await import('./sha256-plain.ts')).sha256Plain(bytes);
  const owned =
    bytes.buffer instanceof ArrayBuffer
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : new Uint8Array(bytes);
  return hex(new Uint8Array(await subtle.digest('SHA-256', owned)));
}

/** Two digits a byte. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
