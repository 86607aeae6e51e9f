/** The texts that an ONNX file carries: entries of field 14, each a key (1) and a value (2). */
export function metadataOf(bytes: Uint8Array): Readonly<Record<string, string>> {
  const decoder = new TextDecoder();
  return Object.fromEntries(
    fieldsOf(bytes)
      .filter(({ field }) => field === 14)
      .map(({ data }) => fieldsOf(data).map((part) => decoder.decode(part.data)) as [string, string]),
  );
}

/** The parts of a message that have a length. */
function fieldsOf(bytes: Uint8Array): readonly { readonly field: number; readonly data: Uint8Array }[] {
  const found: { readonly field: number; readonly data: Uint8Array }[] = [];
  let at = 0;
  const whole = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = whole();
    const length = whole();
    if ((tag & 7) !== 2) continue;
    found.push({ field: tag >> 3, data: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}
