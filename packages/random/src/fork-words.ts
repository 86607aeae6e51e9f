/**
 * Forking: a child key from a parent key and a label, without a shared state. The child depends on nothing but the two,
 * so keys can be made in any order and anywhere.
 */
import { DendriteError } from '@dendrite/spec';
import { threefry2x32 } from './threefry.ts';

// First counter words of a fork. Random bits use block numbers below 2³¹, so no child key is ever a parent's random word.
const STRING = 0x8000_0001;
const NUMBER = 0x8000_0002;

/**
 * The words of the child key: `k ← threefry(k, (kind, length))`, then `k ← threefry(k, m)` for each two words `m` of the label.
 * A string is its UTF-16 code units, two a word (so every string of JavaScript has its own encoding, lone surrogates too);
 * a number is the two words of its float64. `kind` differs, so `'1'` and `1` are different labels; the length comes first,
 * so no label's chain is the beginning of another's. `-0` is `0`.
 * @throws OPTION  if a number label is not finite
 * @source Bellare, Canetti, Krawczyk: Pseudorandom functions revisited (FOCS 1996): the cascade over a prefix-free code
 */
export function forkWords(words: readonly [number, number], label: string | number): [number, number] {
  const message = typeof label === 'string' ? stringWords(label) : numberWords(label);
  const kind = typeof label === 'string' ? STRING : NUMBER;
  let key = threefry2x32(words[0], words[1], kind, typeof label === 'string' ? label.length : 2);
  for (let i = 0; i < message.length; i += 2) {
    key = threefry2x32(key[0], key[1], message[i] as number, message[i + 1] as number);
  }
  return key;
}

/** Padded with zeros to whole blocks; the length, which is mixed in first, tells padding from text. */
function stringWords(label: string): Uint32Array {
  const words = new Uint32Array(Math.ceil(label.length / 4) * 2);
  for (let i = 0; i < label.length; i++) {
    words[i >> 1] = (words[i >> 1] as number) | (label.charCodeAt(i) << ((i & 1) * 16));
  }
  return words;
}

function numberWords(label: number): [number, number] {
  if (typeof label !== 'number' || !Number.isFinite(label)) {
    throw new DendriteError(
      'OPTION',
      `fork(): a label must be a string or a finite number, got ${String(label)}. Name what the key is for, 'dropout' or 3.`,
    );
  }
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, label === 0 ? 0 : label);
  return [view.getUint32(4), view.getUint32(0)];
}
