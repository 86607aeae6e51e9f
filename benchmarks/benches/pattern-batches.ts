// Inputs for timing: one pattern a class with noise, the same ones on every machine. Not MNIST: a bench needs no download.
import { hostKey, uniforms } from '@dendrite/random';
import type { Batch } from './net-trainer.ts';

/** `count` batches of inputs that a network can tell apart. `shape`: of one input. */
export function patternBatches(count: number, batch: number, shape: readonly number[], classes: number): Batch[] {
  const size = shape.reduce((product, length) => product * length, 1);
  const key = hostKey(1);
  const patterns = uniforms(key.fork('patterns'), classes * size);
  return Array.from({ length: count }, (_, at) => {
    const noise = uniforms(key.fork(at), batch * size);
    const y = Int32Array.from({ length: batch }, (_, i) => (3 * i + at) % classes);
    const x = Float32Array.from({ length: batch * size }, (_, i) => {
      const label = y[Math.floor(i / size)] ?? 0;
      return 0.5 * (patterns[label * size + (i % size)] ?? 0) + 0.5 * (noise[i] ?? 0);
    });
    return { shape: [batch, ...shape], x, y };
  });
}
