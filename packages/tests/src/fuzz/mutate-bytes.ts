/** Damage to any file: bits, bytes, lengths, pieces that are cut, doubled, moved, and texts that parsers trip over. */
import type { Dice } from './dice.ts';

const tokens = [
  '"',
  '""',
  ',',
  '\n',
  '\r',
  ';',
  '{',
  '}',
  '[',
  ']',
  ':',
  '(',
  ')',
  "'",
  '\\',
  '\\u0000',
  '\0',
  '\ufeff',
  '-0',
  'NaN',
  '-Infinity',
  '1e999',
  '9'.repeat(20),
  '0'.repeat(40),
  '2026-13-45',
  '__proto__',
  'constructor',
  '['.repeat(300),
  'a'.repeat(2000),
  '\ud83d\ude00',
].map((text) => new TextEncoder().encode(text));
/** What is no UTF-8: a lone continuation, an overlong slash, a surrogate, a byte that never occurs. */
const notText = [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xff]].map((bytes) => Uint8Array.from(bytes));
const absurd = [0xffffffff, 0x7fffffff, 0x80000000, 0x10000000, 0x00ffffff, 0, 1];

/** One to four changes; most of them near the beginning, where headers are. */
export function mutateBytes(file: Uint8Array, dice: Dice): Uint8Array {
  let bytes = file;
  for (let changes = 1 + dice.below(4); changes > 0; changes--) bytes = change(bytes, dice);
  return bytes;
}

function change(file: Uint8Array, dice: Dice): Uint8Array {
  const at = dice.below(dice.once(3) ? file.length + 1 : Math.min(file.length, 200) + 1);
  const until = Math.min(file.length, at + 1 + dice.below(dice.once(10) ? file.length : 24));
  switch (dice.below(10)) {
    case 0:
      return overwrite(file, at, Uint8Array.of((file[at] ?? 0) ^ (1 << dice.below(8))));
    case 1:
      return overwrite(file, at, Uint8Array.of(dice.below(256)));
    case 2:
      return splice(file, at, at, dice.pick(tokens));
    case 3:
      return splice(file, at, at, dice.pick(notText));
    case 4:
      return splice(file, at, until, new Uint8Array(0));
    case 5:
      return splice(file, at, at, file.slice(at, until));
    case 6: {
      const from = dice.below(file.length + 1);
      return splice(file, at, until, file.slice(from, from + until - at));
    }
    case 7:
      return file.slice(0, dice.below(file.length + 1));
    case 8: {
      const length = new DataView(new ArrayBuffer(4));
      length.setUint32(0, dice.pick(absurd), dice.once(2));
      return overwrite(file, at, new Uint8Array(length.buffer));
    }
    default:
      return splice(file, file.length, file.length, new Uint8Array(1 + dice.below(64)).fill(dice.below(256)));
  }
}

/** NaN, infinities, −0 and numbers beyond every range, where the data of arrays lie. */
export function mutateNumbers(file: Uint8Array, dice: Dice, dataStart: number): Uint8Array {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  for (let changes = 1 + dice.below(4); changes > 0; changes--) {
    const words = Math.floor((bytes.length - dataStart) / 8);
    if (words <= 0) return bytes;
    const at = dataStart + 8 * dice.below(words);
    const value = dice.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e308, 5e-324]);
    if (dice.once(3)) view.setFloat64(at, value, true);
    else if (dice.once(2)) view.setFloat32(at + 4 * dice.below(2), value, true);
    else view.setInt32(at + 4 * dice.below(2), dice.pick([-1, 2 ** 31 - 1, -(2 ** 31), 2 ** 24, 0]), true);
  }
  return bytes;
}

function splice(file: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array {
  const out = new Uint8Array(from + middle.length + file.length - to);
  out.set(file.subarray(0, from));
  out.set(middle, from);
  out.set(file.subarray(to), from + middle.length);
  return out;
}

function overwrite(file: Uint8Array, at: number, with_: Uint8Array): Uint8Array {
  const out = file.slice();
  out.set(with_.subarray(0, Math.max(0, out.length - at)), Math.min(at, out.length));
  return out;
}
