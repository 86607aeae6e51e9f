/** Six thousand damaged copies of a real file: each is read or refused with a FORMAT error, never anything else. */
import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { readSafetensors } from '../file/read-safetensors.ts';
import { writeSafetensors } from '../file/write-safetensors.ts';
import { fromBytes } from './from-bytes.ts';
import { checkpoint } from './saved-model.fixture.ts';
import { toBytes } from './to-bytes.ts';

/** Marsaglia's xorshift: safetensors may not lean on the package next to it. */
function xorshift(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

const TOKENS = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '-',
  '\\',
  '0',
  '9'.repeat(17),
  '1e99',
  'null',
  '"a":',
  '__proto__',
  '\ud83d',
  '\0',
];

/** One change: a bit, a byte, a token put in, a range cut out, doubled or moved. Nine of ten fall into the header. */
function mutate(file: Uint8Array, random: (below: number) => number): Uint8Array {
  const headerEnd = 8 + (file[0] ?? 0) + 256 * (file[1] ?? 0);
  const place = (): number => random(random(10) === 0 ? file.length : Math.min(headerEnd, file.length));
  const at = place();
  const end = Math.min(file.length, at + 1 + random(24));
  const splice = (from: number, to: number, middle: Uint8Array): Uint8Array =>
    Uint8Array.from([...file.subarray(0, from), ...middle, ...file.subarray(to)]);
  switch (random(6)) {
    case 0:
      return file.with(at, (file[at] ?? 0) ^ (1 << random(8)));
    case 1:
      return file.with(at, random(256));
    case 2:
      return splice(at, at, new TextEncoder().encode(TOKENS[random(TOKENS.length)]));
    case 3:
      return splice(at, end, new Uint8Array(0));
    case 4:
      return splice(at, at, file.slice(at, end));
    default: {
      const from = place();
      return splice(at, Math.min(file.length, at + 4), file.slice(from, from + 4));
    }
  }
}

test('a damaged file is read or refused, nothing else', () => {
  const { arrays: saved, metadata } = readSafetensors(toBytes(checkpoint));
  // Without its checksum, which would refuse all but a few.
  const { checksum: _, ...texts } = metadata;
  const whole = writeSafetensors(saved, texts);
  const random = xorshift(20261124);
  let read = 0;
  let refused = 0;
  for (let round = 0; round < 6000; round++) {
    let file: Uint8Array = whole;
    for (let changes = 1 + random(3); changes > 0; changes--) file = mutate(file, random);
    // Half of the files get a header length that fits again, so that the damage behind it is reached.
    if (random(2) === 0 && file.length >= 8) {
      const length = new DataView(whole.buffer).getUint32(0, true) + file.length - whole.length;
      if (length > 0) new DataView(file.buffer, file.byteOffset).setBigUint64(0, BigInt(length), true);
    }
    try {
      const { arrays } = fromBytes(file);
      for (const { shape, data } of Object.values(arrays)) {
        expect(data.length).toBe(shape.reduce((product, length) => product * length, 1));
      }
      read++;
    } catch (error) {
      if (!isDendriteError(error, 'FORMAT')) throw new Error(`round ${round} threw ${String(error)}`, { cause: error });
      expect(error.message.length).toBeLessThan(700);
      refused++;
    }
  }
  // Both happen: changes in the data or in a text load, the rest does not.
  expect(read).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(3000);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('a file with any one bit changed is refused', () => {
  const whole = toBytes(checkpoint);
  for (let at = 0; at < whole.length; at++) {
    for (let bit = 1; bit < 256; bit *= 2) {
      whole[at] = (whole[at] ?? 0) ^ bit;
      expect(() => fromBytes(whole)).toThrow(' must ');
      whole[at] = (whole[at] ?? 0) ^ bit;
    }
  }
  expect(fromBytes(whole)).toEqual(checkpoint);
});
