/** The error of a step whose loss or gradient is not a number: it says where, and what was large. */
import { DendriteError } from '@dendrite/spec';

/** What a step reports, read back. */
export interface StepReport {
  readonly step: number;
  readonly loss: number;
  readonly correct: number;
  /** What the loss was multiplied by, and whether the optimizer lowers it by itself. */
  readonly scale: number;
  readonly adapts: boolean;
  /** Largest |gradient| of each parameter, in the order of `paths`. */
  readonly gradients: Float32Array;
}

/** @throws NUMERIC  unless all of it is finite, or a loss scale that adapts was too large */
export function checkFinite({ step, loss, scale, adapts, gradients }: StepReport, paths: readonly string[]): void {
  const bad = paths.filter((_, i) => !Number.isFinite(gradients[i]));
  if (bad.length === 0 && Number.isFinite(loss)) return;
  if (adapts && scale > 1 && Number.isFinite(loss)) return;
  let largest = -1;
  gradients.forEach((each, i) => {
    if (Number.isFinite(each) && each > (gradients[largest] ?? -1)) largest = i;
  });
  const where =
    bad.length === 0
      ? 'no gradient'
      : `the gradient of '${bad[0]}'${bad.length > 1 ? ` and of ${bad.length - 1} more` : ''} (${gradients[paths.indexOf(bad[0] ?? '')]})`;
  const big =
    largest < 0
      ? 'no gradient is finite'
      : `the largest finite gradient is ${gradients[largest]?.toPrecision(3)}, of '${paths[largest]}'`;
  throw new DendriteError(
    'NUMERIC',
    `fit(): loss and gradients must be finite, got loss ${loss} in step ${step}, not finite: ${where}; ${big}. The step was left out. Lower the learning rate, clip the gradients ({ clip: { globalNorm: 1 } }), or look for extreme values in the data.`,
  );
}
