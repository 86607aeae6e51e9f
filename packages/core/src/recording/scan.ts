/** Many steps in one call: by the device alone where the step is replayed, else one after another. */
import { DendriteError, type StepNumbers, type Tensor, type Tree, type TreeOf } from '@dendrite/spec';
import { runInScope } from '../engine/scope.ts';
import { concat } from '../ops/concat/concat.ts';
import { gather } from '../ops/gather/gather.ts';
import { reshape } from '../ops/reshape/reshape.ts';
import { isTensor, leaves, rebuild } from '../tree/tree.ts';
import type { Compiled } from './compile.ts';
import { type CompiledStep, compiledSteps, whyNotNow } from './compiled-step.ts';
import { checkSteps, writeMany } from './many-scalars.ts';
import { repeat } from './repeat.ts';
import type { Answer } from './run-body.ts';
import { stackedUnder } from './stacked.ts';

/** Numbers for all steps alike, or those of each. */
type ManyNumbers = StepNumbers | readonly StepNumbers[];
const isList = (scalars: ManyNumbers): scalars is readonly StepNumbers[] => Array.isArray(scalars);

/** Tensors that are joined at a time: a call for each number of them is made once. */
const mostJoined = 32;

/**
 * Many steps in one call, the state of each being the next one's: of b₀, b₁, … stacked: `step(… step(step(state, b₀), b₁) …)`,
 * to the bit. Each tensor of `batches` has one more axis in front, with a step's part in each row; so has each tensor of `out`. A step
 * that is replayed runs them on WASM without coming back to JavaScript: a small network takes thousands of them in a millisecond.
 * Rows of a table that lies on the device come by `gather` inside the step, with their numbers as the batch.
 * @param step     of `compile`
 * @param scalars  for all steps alike, or a list with those of each
 * @throws DISPOSED, OPTION, SHAPE  where the number of steps differs; and what the step throws
 * @source  jax.lax.scan
 * @example
 * import { compile, gather, mean, scan, square, sub, tensor, valueAndGrad } from '@dendrite/core';
 * import type { Tensor } from '@dendrite/spec';
 * const table = tensor([[1, 5], [3, 7], [2, 6]]);
 * const step = compile(({ w }: { w: Tensor }, { rows }: { rows: Tensor }) => {
 *   const { value, gradients } = valueAndGrad((w: Tensor) => mean(square(sub(gather(table, rows), w))))(w);
 *   return { state: { w: sub(w, gradients) }, out: { loss: value } };
 * }, { replay: true });
 * const rows = tensor([[0], [2], [1], [0]], [4, 1], 'int32'); // four steps of one row
 * const { state, out } = scan(step, { w: tensor([0, 0]) }, { rows });
 * await out.loss.toArray(); // [13, 1, 1, 4]
 * await state.w.toArray(); // [1, 5]
 */
export function scan<State extends Tree, Batch extends Tree, Out extends Tree>(
  step: Compiled<State, Batch, Out>,
  state: State,
  batches: TreeOf<Batch, Tensor>,
  scalars?: StepNumbers | readonly StepNumbers[],
): { readonly state: State; readonly out: TreeOf<Out, Tensor> };
export function scan(step: object, state: Tree, batches: Tree, scalars: ManyNumbers = {}): object {
  const compiled = compiledSteps.get(step);
  if (compiled === undefined)
    throw new DendriteError(
      'OPTION',
      `scan(): step must be what compile() gave, got ${typeof step}. Compile it first.`,
    );
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
  const answer = count > 0 ? rest(compiled, state, batches, scalars, { done: 0, count }) : undefined;
  return answer ?? runInScope(() => oneByOne(compiled, state, batches, scalars), 'scan');
}

/**
 * The steps behind the first `done` of many, in one go: what they give comes stacked. undefined: nothing was run, and the next of them
 * must be run by itself.
 */
function rest(
  compiled: CompiledStep,
  state: Tree,
  batches: Tree,
  scalars: ManyNumbers,
  { done, count }: { readonly done: number; readonly count: number },
): Answer | undefined {
  const varying = isList(scalars);
  const numbers = varying ? (scalars[done] as StepNumbers) : scalars;
  for (const signature of compiled.signatures) {
    const { replay, engine } = signature;
    if (replay === undefined || engine.isTracing || whyNotNow(engine) !== undefined) continue;
    const found = stackedUnder(signature, state, batches, numbers, { done, count, varying });
    if (found === undefined) continue;
    const { handles, skips, strides } = found;
    for (const handle of handles) handle.check('scan');
    const given = signature.buffers(handles);
    if (given === undefined) continue;
    const sent = varying ? writeMany(signature.scalars, scalars, done) : signature.scalars.write(numbers);
    if (sent !== undefined) given.push(sent);
    const results = repeat(replay, count - done, { handles, given, skips, strides });
    if (results === undefined) return undefined;
    signature.lastCall = ++compiled.calls;
    return compiled.answer(signature, results);
  }
  return undefined;
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
    const whole = done === 0 ? undefined : rest(compiled, now, batches, scalars, { done, count });
    if (whole !== undefined) return { state: whole.state, out: joined(outs, whole.out) };
    const batch = rebuild(batches, (tensor) => row(tensor, done));
    const { state: next, out } = compiled.run(now, batch, isList(scalars) ? (scalars[done] as StepNumbers) : scalars);
    for (const { tensor } of leaves(batch)) tensor.dispose();
    outs.push(rebuild(out, (tensor) => reshape(tensor, [1, ...tensor.shape])));
    // What it gives may be a tensor of the next state.
    const kept = new Set(leaves(next).map(({ tensor }) => tensor));
    for (const { tensor } of leaves(out)) if (!kept.has(tensor)) tensor.dispose();
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
