/**
 * WebAssembly as it is shipped: text of ASCII, most bytes one letter. A page's compression finds in it what is alike in the bytes;
 * it takes 2 % more than they do, where two digits a byte take 10 % and base 64 takes 25.
 */

/** The letters are `firstLetter` and those behind it: so many bytes have their own, and two more say that the next counts from there on. */
const [firstLetter, single] = [40, 85] as const;

export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  let [count, above] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    const place = (bytes[i] as number) - firstLetter;
    if (above === 0 && place >= single) above = single * (place - single + 1);
    else {
      bytes[count++] = above + place;
      above = 0;
    }
  }
  return bytes.subarray(0, count);
}

export function textOfBytes(bytes: Uint8Array): string {
  const letter = (place: number): string => String.fromCharCode(firstLetter + place);
  return Array.from(bytes, (byte) => {
    const above = Math.min(2, Math.floor(byte / single));
    return `${above > 0 ? letter(single + above - 1) : ''}${letter(byte - single * above)}`;
  }).join('');
}
