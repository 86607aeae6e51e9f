/** Threefry-2x32 of four counters at once; the bits are the host's. A unit of work is 4,096 words. */
import type { Call, WasmKernel } from '@dendrite/spec';
import { bytes, constant, i8x16, i32, i32x4, select, type Value, v128 } from '@dendrite/wasm-assembler';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { shapeOf, sizeOf } from '../strides.ts';

const unit = 4096;
/** Eights of words that are computed side by side. */
const together = 4;
const wordsOf = ({ outputs: [y] }: Call): number => sizeOf(shapeOf(y));
const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;
const parity = 0x1bd11bda;

/** `counter` only where the call has that input. */
type Given = { readonly [N in 'begin' | 'end' | 'y' | 'counter' | 'scratch' | 'own' | 'words']: 'i32' } & {
  readonly [N in 'key0' | 'key1']: 'f64';
};
type Vector = Value<'v128'>;
const word = (i: number): readonly number[] => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3];
/** `a[i], b[i], a[i + 1], b[i + 1]`. */
const interleave = (a: Vector, b: Vector, i: number): Vector =>
  i8x16.shuffle(a, b, [...word(i), ...word(i + 4), ...word(i + 1), ...word(i + 5)]);

/** Bits turned to the left; by whole bytes in one instruction. */
const turned = (x: Vector, by: number): Vector =>
  by % 8 === 0
    ? i8x16.shuffle(
        x,
        x,
        Array.from({ length: 16 }, (_, i) => (i & -4) | ((i - by / 8) & 3)),
      )
    : v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));

export const randomBitsWasmKernel: WasmKernel = {
  language: 'wasm',
  specialize: (call) => ({ counted: call.inputs.length > 0 }),
  arguments: (call) => [wordsOf(call)],
  threadScratch: () => 32,
  phases: [{ entry: 'run', units: (call) => Math.ceil(wordsOf(call) / unit), work: () => 20 * unit }],
  emit({ counted }) {
    const m = kernelModule();
    const addresses = ['begin', 'end', 'y', ...(counted ? ['counter'] : []), 'scratch', 'own', 'words'];
    const parameters = Object.fromEntries([
      ...addresses.map((name) => [name, 'i32']),
      ['key0', 'f64'],
      ['key1', 'f64'],
    ]) as Given;
    m.function('run', { parameters }, (f, p) => {
      const key = [f.let(i32.trunc_sat_f64_u(p.key0)), f.let(i32.trunc_sat_f64_u(p.key1))] as const;
      const third = key[0].xor(key[1]).xor(parity);
      const keys = [f.let(i32x4.splat(key[0])), f.let(i32x4.splat(key[1])), f.let(i32x4.splat(third))] as const;
      const counter = counted ? i32.load(p.counter) : constant('i32', 0);
      const second = f.let(i32x4.add(i32x4.splat(counter), keys[1]));
      // What a group of rounds ends with: a key, and a key with the group's number.
      const groups = Array.from({ length: 5 }, (_, group) => ({
        turns: rotations[group % 2] as readonly number[],
        left: keys[(group + 1) % 3] as Vector,
        right: f.let(i32x4.add(keys[(group + 2) % 3] as Vector, i32x4.splat(group + 1))),
      }));
      const countUp = f.let(bytes([0, 1, 2, 3].flatMap((i) => [i, 0, 0, 0])));
      /** Eights of words from an even place on, side by side: a round waits for the one before. */
      const eights = (at: Value<'i32'>, to: Value<'i32'>, count: number): void => {
        const first = f.let(i32x4.add(i32x4.add(i32x4.splat(at.shr_u(1)), countUp), keys[0]));
        const pairs = Array.from(
          { length: count },
          (_, i) => [f.let(i === 0 ? first : i32x4.add(first, i32x4.splat(4 * i))), f.let(second)] as const,
        );
        for (const { turns, left, right } of groups) {
          for (const by of turns)
            for (const [x0, x1] of pairs) {
              x0.set(i32x4.add(x0, x1));
              x1.set(v128.xor(turned(x1, by), x0));
            }
          for (const [x0, x1] of pairs) {
            x0.set(i32x4.add(x0, left));
            x1.set(i32x4.add(x1, right));
          }
        }
        for (const [i, [x0, x1]] of pairs.entries()) {
          f.v128.store(to, interleave(x0, x1, 0), 32 * i);
          f.v128.store(to, interleave(x0, x1, 2), 32 * i + 16);
        }
      };
      const last = f.let(p.end.mul(unit));
      const end = f.let(select(last.lt_s(p.words), last, p.words));
      const begin = f.let(p.begin.mul(unit));
      const [wide, whole] = [f.let(end.and(-8 * together)), f.let(end.and(-8))];
      f.loop(begin, wide, 8 * together, (at) => eights(at, f.let(p.y.add(at.shl(2))), together));
      f.loop(wide, whole, 8, (at) => eights(at, f.let(p.y.add(at.shl(2))), 1));
      f.if(whole.lt_s(end), () => {
        eights(whole, p.own, 1);
        f.memory.copy(p.y.add(whole.shl(2)), p.own, end.sub(whole).shl(2));
      });
    });
    return m.toBytes();
  },
};
