/** The probe of a file, asked again: whether the model still answers as when it was saved. */
import { DendriteError, type SavedArray, type SavedModel, type Shape } from '@dendrite/spec';
import { probeOutput, probes } from '../fitted/probe.ts';
import type { Answering } from '../fitted/trained.ts';

/**
 * Runs the probe of a file and compares.
 * @throws FORMAT  where the output differs by more than the tolerance, with both numbers
 */
export async function checkProbe(trained: Answering, saved: SavedModel, where: string): Promise<void> {
  const input = saved.arrays['probe.input'];
  const expected = saved.arrays['probe.output'];
  const { probe } = saved.header;
  if (!probe || !input || !expected) return;
  const got = await probeOutput(trained, input);
  if (got.data.length !== expected.data.length)
    throw new DendriteError(
      'FORMAT',
      `${where}: the probe's output must have ${expected.data.length} numbers, as in the file, got ${got.data.length}. The file belongs to another model.`,
    );
  let worst = 0;
  let at = 0;
  for (let i = 0; i < got.data.length; i++) {
    const a = got.data[i] as number;
    const b = expected.data[i] as number;
    const difference = Object.is(a, b) ? 0 : Math.abs(a - b) / Math.max(1, Math.abs(b));
    // NaN against a number is as far as can be.
    const size = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    if (size > worst) [worst, at] = [size, i];
  }
  if (worst > probe.tolerance) {
    throw new DendriteError(
      'FORMAT',
      `${where}: the loaded model must answer its probe as when it was saved, within ${probe.tolerance}, got ${got.data[at]} instead of ${expected.data[at]} at element ${at} (off by ${worst.toPrecision(3)}). The file is damaged, or a package computes differently.`,
    );
  }
}

/** @throws FORMAT  where the probe is no input of the model that the file describes */
export function checkProbeShape(
  input: SavedArray,
  /** Shape of one encoded row. */
  example: Shape,
  where: string,
): void {
  const [rows, ...shape] = input.shape;
  if (rows === probes && shape.length === example.length && shape.every((n, axis) => n === example[axis])) return;
  throw new DendriteError(
    'FORMAT',
    `${where}: the probe's input must have the shape [${[probes, ...example].join(', ')}], got [${input.shape.join(', ')}]. The file is damaged.`,
  );
}

/** Both, for who restores. */
export interface Probing {
  readonly checkProbe: typeof checkProbe;
  readonly checkProbeShape: typeof checkProbeShape;
}
export const probing: Probing = { checkProbe, checkProbeShape };
