/** Which leaves many steps are given in one, under a signature of one step, and where each step's part of them lies. */
import type { StepNumbers, Tensor, Tree } from '@dendrite/spec';
import { type InternedSpec, internSpec } from '../engine/interned-spec.ts';
import type { TensorHandle } from '../engine/tensor-handle.ts';
import type { Signature } from './signature.ts';
import { collect } from './step-tree.ts';

/** The steps behind the first `done` of `count`. `varying`: each has numbers of its own. */
export interface Rest {
  readonly done: number;
  readonly count: number;
  readonly varying: boolean;
}
export interface Stacked {
  readonly handles: readonly TensorHandle[];
  readonly skips: readonly number[];
  readonly strides: readonly number[];
}

/** For each given buffer, bytes from one step's part to the next one's: with the same scalars for all steps, or with others for each. */
interface Strides {
  readonly constant: readonly number[];
  readonly varying: readonly number[];
}
/** undefined: many steps cannot be given under it. */
const known = new WeakMap<Signature, Strides | undefined>();

/** undefined where they do not match, or a step shares memory in a way that many cannot. */
export function stackedUnder(
  signature: Signature,
  state: Tree,
  batches: Tree,
  numbers: StepNumbers,
  { done, count, varying }: Rest,
): Stacked | undefined {
  const { states, places, specs, offsets, scalars, stateForm, batchForm } = signature;
  if (!known.has(signature)) known.set(signature, stridesOf(signature));
  const going = known.get(signature);
  if (going === undefined || !scalars.has(numbers)) return undefined;
  const found: Tensor[] = [];
  if (!collect(state, stateForm, found) || !collect(batches, batchForm, found)) return undefined;
  const skips: number[] = [];
  for (let i = 0; i < found.length; i++) {
    const { runtime, spec, offset } = found[i] as TensorHandle;
    const own = specs[i] as InternedSpec;
    if (runtime !== signature.engine) return undefined;
    if (i < states ? spec !== own || offset !== offsets[i] : spec !== internSpec([count, ...own.shape], own.dtype))
      return undefined;
    skips[places[i] as number] = i < states ? 0 : offset * own.width + done * own.bytes;
  }
  return { handles: found as TensorHandle[], skips, strides: varying ? going.varying : going.constant };
}

/** undefined where a batch's leaf is not all of a buffer that it has for itself. */
function stridesOf({ places, states, offsets, specs, scalars }: Signature): Strides | undefined {
  const strides: number[] = [];
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    if (i >= states && (offsets[i] !== 0 || places.indexOf(place) !== places.lastIndexOf(place))) return undefined;
    strides[place] = i < states ? 0 : (specs[i] as InternedSpec).bytes;
  }
  return { constant: [...strides, 0], varying: [...strides, scalars.bytes] };
}
