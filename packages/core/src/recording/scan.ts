/** Many steps in one call: by the device alone where the step is replayed, else one after another. */
import { DendriteError, type StepNumbers, type Tensor, type Tree } from '@dendrite/spec';
import { runInScope } from '../engine/scope.ts';
import { concat } from '../ops/concat/concat.ts';
import { gather } from '../ops/gather/gather.ts';
import { reshape } from '../ops/reshape/reshape.ts';
import { isTensor, leaves, rebuild } from '../tree/tree.ts';
import type { CompiledStep } from './compiled-step.ts';
import { checkSteps } from './packed-scalars.ts';
import type { Answer } from './run-body.ts';

/** Numbers for all steps alike, or those of each. */
export type ManyNumbers = StepNumbers | readonly StepNumbers[];
export const isList = (scalars: ManyNumbers): scalars is readonly StepNumbers[] => Array.isArray(scalars);

/** Tensors that are joined at a time: a call for each number of them is made once. */
const mostJoined = 32;

export function scan(compiled: CompiledStep, state: Tree, batches: Tree, scalars: ManyNumbers): Answer {
  for (const [what, given] of [
    ['batches', batches],
    ['scalars', scalars],
  ] as const)
    if (typeof given !== 'object' || given === null)
      throw new DendriteError(
        'OPTION',
        `scan(): ${what} must be an object, got ${given === null ? 'null' : typeof given}. Without any, write {}.`,
      );
  // A recording fits where all are of one number of steps: what is wrong is told where none does.
  const count = isList(scalars) ? scalars.length : (firstOf(batches)?.shape[0] ?? 0);
  const answer = count > 0 ? compiled.runRest(state, batches, scalars, { done: 0, count }) : undefined;
  return answer ?? runInScope(() => oneByOne(compiled, state, batches, scalars), 'scan');
}

function firstOf(tree: Tree): Tensor | undefined {
  if (isTensor(tree)) return tree;
  for (const part of Object.values(tree)) {
    const found = firstOf(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Until the rest can be done in one go. */
function oneByOne(compiled: CompiledStep, state: Tree, batches: Tree, scalars: ManyNumbers): Answer {
  const count = stepsIn(batches, scalars);
  if (isList(scalars)) checkSteps(scalars, compiled.integers);
  const outs: Tree[] = [];
  let now = state;
  for (let done = 0; done < count; done++) {
    const rest = done === 0 ? undefined : compiled.runRest(now, batches, scalars, { done, count });
    if (rest !== undefined) return { state: rest.state, out: joined(outs, rest.out) };
    const batch = rebuild(batches, (tensor) => row(tensor, done));
    const { state: next, out } = compiled.run(now, batch, isList(scalars) ? (scalars[done] as StepNumbers) : scalars);
    for (const { tensor } of leaves(batch)) tensor.dispose();
    outs.push(rebuild(out, (tensor) => reshape(tensor, [1, ...tensor.shape])));
    for (const { tensor } of leaves(out)) tensor.dispose();
    now = next;
  }
  return { state: now, out: joined(outs) };
}

/** A copy: a part of a tensor would be a call of its own kind for each place. */
function row(tensor: Tensor, at: number): Tensor {
  return runInScope(
    () => reshape(gather(tensor, tensor.runtime.tensor([at], [1], 'int32')), tensor.shape.slice(1)),
    'scan',
  );
}

/** Trees of one form, leaf by leaf along the first axis. */
function joined(trees: readonly Tree[], ...more: readonly Tree[]): Tree {
  const all = [...trees, ...more];
  const tables = all.map((tree) => leaves(tree));
  let leaf = 0;
  return rebuild(all[0] as Tree, () => {
    const at = leaf++;
    return joinedTensors(tables.map((table) => (table[at] as { readonly tensor: Tensor }).tensor));
  });
}

function joinedTensors(tensors: readonly Tensor[]): Tensor {
  if (tensors.length === 1) return reshape(tensors[0] as Tensor, (tensors[0] as Tensor).shape);
  const groups: Tensor[] = [];
  for (let i = 0; i < tensors.length; i += mostJoined) groups.push(concat(tensors.slice(i, i + mostJoined)));
  return joinedTensors(groups);
}

/** @throws OPTION  where batches and scalars do not tell one number of steps, or none */
function stepsIn(batches: Tree, scalars: ManyNumbers): number {
  const counts = leaves(batches).map(({ path, tensor }) => ({ what: `batches.${path}`, count: tensor.shape[0] }));
  if (isList(scalars)) counts.push({ what: 'scalars', count: scalars.length });
  const [first, ...others] = counts;
  if (first === undefined)
    throw new DendriteError(
      'OPTION',
      'scan(): batches or scalars must tell how many steps there are, got no tensor and no list. Give scalars as a list, one entry a step.',
    );
  for (const { what, count } of counts)
    if (count === undefined || count === 0)
      throw new DendriteError(
        'SHAPE',
        `scan(): the first axis of ${what} must be the steps, at least one, got ${count === 0 ? 'a length of 0' : 'a single number'}. Stack what the steps take.`,
      );
  const other = others.find(({ count }) => count !== first.count);
  if (other !== undefined)
    throw new DendriteError(
      'SHAPE',
      `scan(): all batches and scalars must be of the same number of steps, got ${first.count} in ${first.what} and ${other.count} in ${other.what}. Give each step its part of all of them.`,
    );
  return first.count as number;
}
