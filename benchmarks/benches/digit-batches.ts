// Pictures for timing: ten patterns with noise, the same ones on every machine. Not MNIST: a bench needs no download.
import { hostKey, uniforms } from '@dendrite/random';

/** One batch: `[batch, 28, 28, 1]` pixels and the class of each picture. */
export interface DigitBatch {
  readonly pixels: Float32Array;
  readonly labels: Int32Array;
}

/** `count` batches of pictures that a network can tell apart. */
export function digitBatches(count: number, batch: number): DigitBatch[] {
  const key = hostKey(1);
  const patterns = uniforms(key.fork('patterns'), 10 * 784);
  return Array.from({ length: count }, (_, at) => {
    const noise = uniforms(key.fork(at), batch * 784);
    const labels = Int32Array.from({ length: batch }, (_, i) => (3 * i + at) % 10);
    const pixels = Float32Array.from({ length: batch * 784 }, (_, i) => {
      const label = labels[Math.floor(i / 784)] ?? 0;
      return 0.5 * (patterns[label * 784 + (i % 784)] ?? 0) + 0.5 * (noise[i] ?? 0);
    });
    return { pixels, labels };
  });
}
