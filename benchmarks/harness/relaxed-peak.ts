// What this core can do at best: fused multiply-adds on registers alone, in WebAssembly. Products and convolutions are judged as a
// part of it, each sample beside a sample of this, because clocks change and a core may be shared with others.
import { f32x4, wasmModule } from '@dendrite/wasm-assembler';
import { round } from './result.ts';

/** Independent chains: two units of four cycles each need eight. */
const chains = 12;
const steps = 40_000;

export interface Peak {
  /** Floating point operations of one run. */
  readonly flops: number;
  run(): void;
}

/** @param relaxed  false: a multiplication and an addition for each, as plain SIMD has it */
export function relaxedPeak(relaxed: boolean = true): Peak {
  const m = wasmModule();
  m.function('run', { parameters: { steps: 'i32' }, result: 'f32' }, (f, { steps }) => {
    const sums = Array.from({ length: chains }, (_, i) => f.let(f32x4.splat(i)));
    const x = f.let(f32x4.splat(0.5));
    const y = f.let(f32x4.splat(1e-9));
    f.repeat(
      () => {
        for (const sum of sums) sum.set(relaxed ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(sum, f32x4.mul(x, y)));
        steps.set(steps.sub(1));
      },
      () => steps,
    );
    return sums.map((sum) => f32x4.extract_lane(sum, 0)).reduce((a, b) => a.add(b));
  });
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(m.toBytes())).exports as {
    readonly run: (steps: number) => number;
  };
  for (let i = 0; i < 500; i++) run(100);
  return { flops: steps * chains * 8, run: () => void run(steps) };
}

/** The best of a few runs, in GFLOP/s: what this machine does just now, for benches that are not judged by it. */
export function peakGflops(): number {
  const { flops, run } = relaxedPeak();
  const rates = Array.from({ length: 15 }, () => {
    const began = performance.now();
    run();
    return flops / (performance.now() - began) / 1e6;
  });
  return round(Math.max(...rates));
}
