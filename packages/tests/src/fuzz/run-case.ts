/** One damaged file, read: loaded, refused with a typed error, or something else, which is a fault. */
import { crc32 } from 'node:zlib';
import { isDendriteError } from '@dendrite/spec';
import { dice } from './dice.ts';
import { metered, type Reading } from './meter.ts';
import type { Subject } from './subjects.ts';

export interface Outcome extends Reading {
  readonly number: number;
  readonly subject: Subject;
  readonly size: number;
  readonly result: 'loaded' | 'typed' | 'other';
  /** Its text, where there was one. */
  readonly error?: string;
}

export async function runCase(all: readonly Subject[], seed: number, number: number): Promise<Outcome> {
  const random = dice(seed, number);
  const tickets = all.reduce((sum, { share }) => sum + share, 0);
  let ticket = random.below(tickets);
  const subject = all.find(({ share }) => {
    ticket -= share;
    return ticket < 0;
  }) as Subject;
  const damaged = subject.mutate(subject.file, random);
  // Most get a checksum that fits again, or the damage would never be reached.
  const file = random.once(4) ? damaged : withChecksum(damaged);
  let thrown: unknown;
  let failed = false;
  const reading = await metered(async () => {
    try {
      await subject.read(file);
    } catch (error) {
      failed = true;
      thrown = error;
    }
  });
  const about = { ...reading, number, subject, size: file.length };
  if (Object.keys(Object.prototype).length > 0) return { ...about, result: 'other', error: 'Object.prototype changed' };
  if (!failed) return { ...about, result: 'loaded' };
  return { ...about, result: isTyped(thrown) ? 'typed' : 'other', error: textOf(thrown) };
}

/** The file with the checksum of its bytes, where it names one. */
function withChecksum(file: Uint8Array): Uint8Array {
  const name = '"checksum":"';
  const at = Buffer.from(file.buffer, file.byteOffset, file.length).indexOf(name) + name.length;
  if (at < name.length || at + 8 > file.length) return file;
  const whole = Buffer.from(file).fill('0', at, at + 8);
  whole.write(crc32(whole).toString(16).padStart(8, '0'), at);
  return new Uint8Array(whole);
}

/** An error of ours, and not one around an engine's complaint that too much was asked of it. */
function isTyped(error: unknown): boolean {
  if (!isDendriteError(error)) return false;
  const { cause } = error as Error;
  return !(cause instanceof RangeError) && !(cause instanceof EvalError) && error.message.length < 4000;
}

const textOf = (error: unknown): string =>
  error instanceof Error
    ? `${error.stack ?? error.message}${error.cause ? `\ncause: ${String(error.cause)}` : ''}`
    : String(error);
