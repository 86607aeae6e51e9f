/** Gradients against differences: the judge of every gradient rule, ours and yours. */
import { DendriteError, type Tensor, type Tree } from '@dendrite/spec';
import { leaves, rebuild } from '../tree/tree.ts';
import { grad } from './grad.ts';

export interface GradientReport {
  readonly passed: boolean;
  /** Largest |gradient − difference| / max(1, |gradient|, |difference|). */
  readonly worst: number;
  /** Elements compared. */
  readonly compared: number;
  /** The worst ones that fail, at most ten: `weight[2, 0]: gradient 0.5, difference 1 (off by 0.5)`. */
  readonly failures: readonly string[];
}

export interface CheckOptions {
  /** Step of the central difference, default 1e-5. */
  readonly epsilon?: number;
  /** Largest deviation that passes, default 1e-6. */
  readonly tolerance?: number;
}

/**
 * Compares `grad(f)` with central differences `(f(x + ε) − f(x − ε)) / 2ε`, element by element, in float64.
 * Choose inputs away from kinks (relu at 0), where neither is right.
 * @param f  a function of one tree of tensors that gives one number; it must be deterministic
 * @param params  float64 tensors, on a host-visible backend
 * @throws DTYPE  unless every tensor is float64
 * @example
 * import { checkGradients, sum, tanh, tensor } from '@dendrite/core';
 * const report = await checkGradients((x) => sum(tanh(x)), tensor(new Float64Array([0.1, -2]), [2]));
 * report.passed; // true
 */
export async function checkGradients<P extends Tree>(
  f: (params: P) => Tensor,
  params: P,
  { epsilon = 1e-5, tolerance = 1e-6 }: CheckOptions = {},
): Promise<GradientReport> {
  const named = leaves(params);
  for (const { path, tensor } of named)
    if (tensor.dtype !== 'float64')
      throw new DendriteError(
        'DTYPE',
        `checkGradients(): parameters must be float64, got ${tensor.dtype} at '${path}'. Float32 differences are too coarse: make them from Float64Arrays on the cpu backend.`,
      );
  const gradients = new Map<string, Tensor>();
  for (const { path, tensor } of leaves(grad(f)(params) as Tree)) gradients.set(path, tensor);

  /** f with one element moved. */
  const at = async (path: string, moved: Float64Array): Promise<number> => {
    const [tensor] = named.filter((leaf) => leaf.path === path).map((leaf) => leaf.tensor);
    if (!tensor) throw new DendriteError('OPTION', `checkGradients(): no parameter '${path}'.`);
    const other = tensor.runtime.tensor(moved, tensor.shape, 'float64');
    const value = tensor.runtime.scope(() => f(rebuild(params, (each, name) => (name === path ? other : each))));
    const number = await value.item();
    value.dispose();
    other.dispose();
    return number;
  };

  let worst = 0;
  let compared = 0;
  const failures: { readonly off: number; readonly text: string }[] = [];
  for (const { path, tensor } of named) {
    const gradient = gradients.get(path);
    if (!gradient) continue;
    const found = await gradient.data('float64');
    gradient.dispose();
    const data = await tensor.data('float64');
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      const moved = data.slice();
      moved[i] = value + epsilon;
      const above = await at(path, moved);
      moved[i] = value - epsilon;
      const below = await at(path, moved);
      const difference = (above - below) / (2 * epsilon);
      const mine = found[i] as number;
      const off = Math.abs(mine - difference) / Math.max(1, Math.abs(mine), Math.abs(difference));
      compared++;
      if (!(off <= worst)) worst = off;
      if (!(off <= tolerance))
        failures.push({
          off,
          text: `${path === '' ? 'x' : path}[${position(i, tensor.shape)}]: gradient ${mine}, difference ${difference} (off by ${off})`,
        });
    }
  }
  failures.sort((a, b) => b.off - a.off);
  return { passed: failures.length === 0, worst, compared, failures: failures.slice(0, 10).map(({ text }) => text) };
}

function position(i: number, shape: readonly number[]): string {
  const index: number[] = [];
  let rest = i;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] as number;
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index.join(', ');
}
