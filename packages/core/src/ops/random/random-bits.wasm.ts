/** Threefry-2x32 of four counters at once; the bits are the host's. A unit of work is 4,096 words. */
import type { Call, WasmKernel } from '@dendrite/spec';
import { constant, i8x16, i32, i32x4, select, type Value, v128, wasmModule } from '@dendrite/wasm-assembler';
import { shapeOf, sizeOf } from '../strides.ts';

const unit = 4096;
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

export const randomBitsWasmKernel: WasmKernel = {
  language: 'wasm',
  specialize: (call) => ({ counted: call.inputs.length > 0 }),
  arguments: (call) => [wordsOf(call)],
  threadScratch: () => 32,
  phases: [{ entry: 'run', units: (call) => Math.ceil(wordsOf(call) / unit), work: () => 20 * unit }],
  emit({ counted }) {
    const m = wasmModule();
    m.importMemory('env', 'memory', { initial: 1 });
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
      /** Eight words from an even place on. */
      const eight = (at: Value<'i32'>, to: Value<'i32'>): void => {
        let lanes: Vector = i32x4.splat(at.shr_u(1));
        for (const i of [1, 2, 3]) lanes = i32x4.replace_lane(lanes, at.shr_u(1).add(i), i);
        const x0 = f.let(i32x4.add(lanes, keys[0]));
        const x1 = f.let(second);
        for (let group = 0; group < 5; group++) {
          for (const by of rotations[group % 2 === 0 ? 0 : 1]) {
            x0.set(i32x4.add(x0, x1));
            x1.set(v128.xor(v128.or(i32x4.shl(x1, by), i32x4.shr_u(x1, 32 - by)), x0));
          }
          x0.set(i32x4.add(x0, keys[(group + 1) % 3] as Vector));
          x1.set(i32x4.add(i32x4.add(x1, keys[(group + 2) % 3] as Vector), f.hoist(i32x4.splat(group + 1))));
        }
        f.v128.store(to, interleave(x0, x1, 0));
        f.v128.store(to, interleave(x0, x1, 2), 16);
      };
      const last = f.let(p.end.mul(unit));
      const end = f.let(select(last.lt_s(p.words), last, p.words));
      const whole = f.let(end.and(-8));
      f.loop(p.begin.mul(unit), whole, 8, (at) => eight(at, f.let(p.y.add(at.shl(2)))));
      f.if(whole.lt_s(end), () => {
        eight(whole, p.own);
        f.memory.copy(p.y.add(whole.shl(2)), p.own, end.sub(whole).shl(2));
      });
    });
    return m.toBytes();
  },
};
