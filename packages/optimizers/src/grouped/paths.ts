/** Which parameters: by path, by pattern, or by rank. Data, so that a file can hold it. */
import { DendriteError, type Json, type Tensor, type Tree } from '@dendrite/spec';

type KeysOf<T> = T extends readonly unknown[] ? Exclude<keyof T, keyof (readonly unknown[])> : keyof T;
/** The paths of a tree's leaves, `'0.weight' | '0.bias'`. Of a tree whose form is not known: any text. */
export type PathOf<T> = Tree extends T
  ? string
  : T extends Tensor
    ? ''
    : {
        [K in KeysOf<T> & (string | number)]: T[K] extends Tensor ? `${K}` : `${K}.${PathOf<T[K]>}`;
      }[KeysOf<T> & (string | number)];
type LastName<P> = P extends `${string}.${infer Rest}` ? LastName<Rest> : P;

/** A path, or one with `*` for any name or names at its beginning or end: `'*.bias'`, `'encoder.*'`. */
export type PathPattern<P extends Tree = Tree> = PathOf<P> | `*.${LastName<PathOf<P>> & string}` | `${string}.*`;
/** `rankAtMost: 1` are biases and the scales and offsets of norms. */
export type Selection<P extends Tree = Tree> =
  | PathPattern<P>
  | readonly PathPattern<P>[]
  | { readonly rankAtMost: number };

export interface Candidate {
  readonly path: string;
  readonly shape: readonly number[];
}

/** @throws OPTION  unless it is a selection */
export function checkSelection(owner: string, selection: unknown): asserts selection is Selection {
  const patterns = Array.isArray(selection) ? selection : [selection];
  if (patterns.length > 0 && patterns.every((each) => typeof each === 'string' && each !== '')) return;
  if (typeof selection === 'object' && selection !== null && 'rankAtMost' in selection) {
    const { rankAtMost } = selection;
    if (Number.isInteger(rankAtMost) && Number(rankAtMost) >= 0) return;
  }
  throw new DendriteError(
    'OPTION',
    `${owner}(): parameters must be a path, paths or { rankAtMost }, got ${JSON.stringify(selection)}. Write '*.bias' or { rankAtMost: 1 }.`,
  );
}

export function selects(selection: Selection, { path, shape }: Candidate): boolean {
  if (typeof selection === 'object' && 'rankAtMost' in selection) return shape.length <= selection.rankAtMost;
  const patterns: readonly string[] = typeof selection === 'string' ? [selection] : selection;
  return patterns.some((pattern) => matches(pattern, path));
}

function matches(pattern: string, path: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*.')) return path === pattern.slice(2) || path.endsWith(pattern.slice(1));
  if (pattern.endsWith('.*')) return path.startsWith(pattern.slice(0, -1));
  return path === pattern;
}

export const selectionJson = (selection: Selection): Json => JSON.parse(JSON.stringify(selection)) as Json;

/**
 * The paths of the parameters that a predicate picks: from any rule to a selection that a file can hold.
 * @example
 * import { tensor } from '@dendrite/core';
 * import { pathsWhere } from '@dendrite/optimizers';
 * const params = { stem: { weight: tensor([[1, 2]]), bias: tensor([0]) } };
 * pathsWhere(params, ({ path }) => path.startsWith('stem.b')); // ['stem.bias']
 */
export function pathsWhere<P extends Tree>(params: P, picks: (parameter: Candidate) => boolean): readonly PathOf<P>[] {
  const found: string[] = [];
  visit(params, '', (path, tensor) => {
    if (picks({ path, shape: tensor.shape })) found.push(path);
  });
  return found as readonly string[] as readonly PathOf<P>[];
}

function visit(tree: Tree, path: string, each: (path: string, tensor: Tensor) => void): void {
  if ('~dendrite' in tree) each(path, tree as Tensor);
  else
    for (const [key, inner] of Object.entries(tree as Readonly<Record<string, Tree>>))
      visit(inner, path === '' ? key : `${path}.${key}`, each);
}
