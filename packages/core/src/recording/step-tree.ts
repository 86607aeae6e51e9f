/** Trees of a step, taken apart and put together without naming paths: this runs every step. */
import { DendriteError, type Tensor, type Tree } from '@dendrite/spec';
import { TensorHandle } from '../engine/tensor-handle.ts';
import { isTensor } from '../tree/tree.ts';

/** The form of a tree: a leaf, an array, or an object with these keys. */
export type StepForm =
  | 'leaf'
  | readonly StepForm[]
  | { readonly keys: readonly string[]; readonly forms: readonly StepForm[] };

/** @throws OPTION  on a leaf that is no tensor; `what` names the tree */
export function formOf(tree: unknown, what: string): StepForm {
  if (isTensor(tree)) return 'leaf';
  if (Array.isArray(tree)) return tree.map((each, i) => formOf(each, `${what}[${i}]`));
  if (typeof tree === 'object' && tree !== null && !('~dendrite' in tree)) {
    const keys = Object.keys(tree);
    return { keys, forms: Object.entries(tree).map(([key, each]) => formOf(each, `${what}.${key}`)) };
  }
  throw new DendriteError(
    'OPTION',
    `compile(): state, batch and out must be trees of tensors, got ${tree === null ? 'null' : typeof tree} as ${what}. Numbers that change go into the step scalars.`,
  );
}

/** Appends the leaves of a tree of this form; false where its form is another. */
export function collect(tree: unknown, form: StepForm, into: Tensor[]): boolean {
  if (form === 'leaf') {
    if (!(tree instanceof TensorHandle) && !isTensor(tree)) return false;
    into.push(tree);
    return true;
  }
  if (Array.isArray(form)) {
    if (!Array.isArray(tree) || tree.length !== form.length) return false;
    for (let i = 0; i < form.length; i++) if (!collect(tree[i], form[i] as StepForm, into)) return false;
    return true;
  }
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree) || tree instanceof TensorHandle) return false;
  const { keys, forms } = form as Exclude<StepForm, 'leaf' | readonly StepForm[]>;
  let count = 0;
  for (const _ in tree) count++;
  if (count !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) {
    const each = (tree as Readonly<Record<string, unknown>>)[keys[i] as string];
    if (!collect(each, forms[i] as StepForm, into)) return false;
  }
  return true;
}

/** A tree of this form with what `next` gives, leaf by leaf. */
export function build(form: StepForm, next: () => Tensor): Tree {
  if (form === 'leaf') return next();
  if (Array.isArray(form)) return form.map((each) => build(each, next));
  const { keys, forms } = form as Exclude<StepForm, 'leaf' | readonly StepForm[]>;
  const made: Record<string, Tree> = {};
  for (let i = 0; i < keys.length; i++) made[keys[i] as string] = build(forms[i] as StepForm, next);
  return made;
}
