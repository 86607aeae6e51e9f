/** Elementary functions against float64, in units in the last place, over their whole ranges and at their ends. */
import { expect, test } from 'vitest';
import { f32x4, v128 } from '../index.ts';
import { wasmModule } from '../module/wasm-module.ts';
import {
  circle,
  erf,
  exp,
  expBelowOne,
  expm1,
  largerOf,
  log,
  log1p,
  type Site,
  smallerOf,
  tanh,
  type Vector,
} from './index.ts';

type Formula = (site: Site, x: Vector) => Vector;
const functions = {
  exp,
  expBelowOne,
  expm1,
  log,
  log1p,
  tanh,
  erf,
  sin: (site, x) => circle(site, x, 'sin'),
  cos: (site, x) => circle(site, x, 'cos'),
} as const satisfies Record<string, Formula>;
type Name = keyof typeof functions;

function evaluate(name: Name, values: Float32Array, relaxed: boolean): Float32Array {
  const m = wasmModule();
  m.memory({ initial: 4, exportAs: 'memory' });
  m.function('run', { parameters: { end: 'i32' } }, (f, { end }) => {
    f.loop(0, end, 16, (at) => f.v128.store(at, functions[name]({ f, relaxed }, f.let(v128.load(at)))));
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(m.toBytes()));
  const { memory, run } = exports as { memory: WebAssembly.Memory; run(end: number): void };
  const view = new Float32Array(memory.buffer);
  view.set(values);
  run(4 * Math.ceil(values.length / 4) * 4);
  return view.slice(0, values.length);
}

/** Distance between neighbouring float32 at this size. */
const unit = (x: number): number => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(x)))) - 23);
const spread = (low: number, high: number): Float32Array =>
  Float32Array.from({ length: 20_001 }, (_, i) => low + ((high - low) * i) / 20_000);
/** 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)), exact to float64 for |x| ≤ 3. */
function exactErf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const ranges: readonly (readonly [Name, Float32Array, (x: number) => number, units: number])[] = [
  ['exp', spread(-87, 88.7), Math.exp, 2],
  ['exp', spread(-103, -87), Math.exp, 2],
  ['expBelowOne', spread(-87, 0), Math.exp, 2],
  ['expBelowOne', Float32Array.of(-87.1, -1e3, -1e9, -3e38, Number.NEGATIVE_INFINITY), () => 0, 0],
  ['expm1', spread(-1, 1), Math.expm1, 3],
  ['expm1', spread(-20, 88.7), Math.expm1, 3],
  ['expm1', spread(-1e-6, 1e-6), Math.expm1, 3],
  ['log', spread(1e-6, 100), Math.log, 2],
  ['log', spread(0.9, 1.1), Math.log, 2],
  ['log', Float32Array.of(1e-45, 1e-40, 1e-38, 3e38), Math.log, 2],
  ['log1p', spread(-0.999, 10), Math.log1p, 3],
  ['log1p', spread(-1e-3, 1e-3), Math.log1p, 3],
  ['tanh', spread(-10, 10), Math.tanh, 5],
  ['tanh', spread(-1e-3, 1e-3), Math.tanh, 5],
  ['erf', spread(-3, 3), exactErf, 8],
  ['erf', spread(-1e-3, 1e-3), exactErf, 8],
];
test.each(ranges.flatMap((range) => [false, true].map((relaxed) => [...range, relaxed] as const)))(
  '%s %#: within a few units in the last place',
  (name, values, exact, allowed, relaxed) => {
    const made = evaluate(name, values, relaxed);
    let worst = 0;
    values.forEach((x, i) => {
      const wanted = exact(x);
      if (wanted !== 0) worst = Math.max(worst, Math.abs((made[i] ?? Number.NaN) - wanted) / unit(wanted));
      else expect(made[i]).toBe(0);
    });
    expect(worst).toBeLessThanOrEqual(allowed);
  },
);

test.each(['sin', 'cos'] as const)('%s within 2e-7, as far as it goes', (name) => {
  for (const end of [1, 7, 8192]) {
    const values = spread(-end, end);
    const made = evaluate(name, values, false);
    values.forEach((x, i) => {
      expect(Math.abs((made[i] ?? Number.NaN) - Math[name](x))).toBeLessThan(2e-7);
    });
  }
});

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
test.each<readonly [Name, readonly number[], readonly number[]]>([
  ['exp', [nan, inf, -inf, 1000, -1000, 0], [nan, inf, 0, inf, 0, 1]],
  ['expm1', [nan, inf, -inf, 1000, -1000, 0, -0], [nan, inf, -1, inf, -1, 0, -0]],
  ['sin', [nan, 0, -0], [nan, 0, -0]],
  ['cos', [nan, 0, -0], [nan, 1, 1]],
  ['log', [nan, inf, -inf, 0, -0, -1, 1], [nan, inf, nan, -inf, -inf, nan, 0]],
  ['log1p', [nan, inf, -inf, -1, -2, 0, -0], [nan, inf, nan, -inf, nan, 0, -0]],
  ['tanh', [nan, inf, -inf, 0, -0, 100], [nan, 1, -1, 0, -0, 1]],
  ['erf', [nan, inf, -inf, 0, -0, 100], [nan, 1, -1, 0, -0, 1]],
])('%s at its ends', (name, values, expected) => {
  for (const relaxed of [false, true])
    expect([...evaluate(name, Float32Array.from(values), relaxed)]).toEqual(expected);
});

test('the larger and the smaller are those of Math, NaN where either is', () => {
  const values = [Number.NaN, Number.NEGATIVE_INFINITY, -1, 0, 2, Number.POSITIVE_INFINITY];
  const m = wasmModule();
  m.memory({ initial: 1, exportAs: 'memory' });
  m.function('run', { parameters: { x: 'f32', y: 'f32' } }, (f, { x, y }) => {
    const [a, b] = [f.let(f32x4.splat(x)), f.let(f32x4.splat(y))];
    f.v128.store(0, largerOf(a, b));
    f.v128.store(16, smallerOf(a, b));
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(m.toBytes()));
  const { memory, run } = exports as { memory: WebAssembly.Memory; run(x: number, y: number): void };
  for (const x of values)
    for (const y of values) {
      run(x, y);
      const wanted = [Math.max(x, y), Math.min(x, y)].flatMap((each) => [each, each, each, each]);
      expect([...new Float32Array(memory.buffer, 0, 8)]).toEqual(wanted);
    }
});
