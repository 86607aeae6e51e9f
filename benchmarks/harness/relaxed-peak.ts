// What this core can do at best: fused multiply-adds on registers alone, in WebAssembly, in GFLOP/s. Products and convolutions are
// judged as a part of it, measured in the same process, because processors and their clocks differ.
import { f32x4, wasmModule } from '@dendrite/wasm-assembler';
import { median } from './interleave.ts';

/** Independent chains: two units of four cycles each need eight. */
const chains = 12;
const steps = 400_000;
const samples = 9;

export interface Peak {
  /** Measures a few more samples; the peak is the median over all. */
  sample(): void;
  gflops(): number;
}

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
  run(steps);
  const measured: number[] = [];
  const sample = (): void => {
    for (let i = 0; i < samples; i++) {
      const began = performance.now();
      run(steps);
      measured.push((steps * chains * 8) / (performance.now() - began) / 1e6);
    }
  };
  sample();
  return { sample, gflops: () => median(measured) };
}
