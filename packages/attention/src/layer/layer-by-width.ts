/**
 * A layer whose parts depend on the width of its input: they are made when the width is known. Masks among the inputs decide no
 * parameter, and a trial run on zeros has none of their dtype, so `init` never sees them.
 */
import type { Context, Json, Key, Layer, Shape, Tensor, Tree, Variables } from '@dendrite/spec';
import { version } from '../version.ts';
import { checkSequence, isTensor } from './attention-input.ts';

const masks: readonly string[] = ['mask', 'keyMask', 'keyLengths', 'memoryMask'];

export interface LayerByWidth {
  /** Name of the factory, without its package. */
  readonly owner: string;
  readonly name: string;
  readonly config: Json;
  /** Of layers that the caller put in. */
  readonly packages?: Layer['packages'];
  /** The input that has the width, where inputs have names. */
  readonly main: string;
  /** A layer of the same inputs and outputs. */
  make(width: number): object;
}

type Parts<T> = { readonly [name: string]: T };
/** A layer whose input's type is put aside: `Shapes` of a type parameter cannot be made of a value. */
interface Erased {
  init(key: Key, input: never): Variables & { readonly output: unknown };
  apply(variables: Variables, x: never, context: Context): readonly [y: Tree, state: Tree];
}

/** @throws SHAPE  from `init` and `apply`, unless the main input is `[batch, tokens, width]` */
export function layerByWidth<X extends Tree, Y extends Tree>({
  owner,
  name,
  config,
  packages,
  main,
  make,
}: LayerByWidth): Layer<Tree, Tree, X, Y> {
  const made = new Map<number, Erased>();
  const of = (shape: Shape): Erased => {
    checkSequence(owner, main, shape);
    const width = shape.at(-1) ?? 0;
    const known = made.get(width) ?? (make(width) as Erased);
    made.set(width, known);
    return known;
  };
  const layer: object = {
    '~dendrite': 'layer',
    name,
    config,
    packages: { ...packages, '@dendrite/attention': version },
    init(key: Key, input: Shape | Parts<Shape>) {
      if (isShape(input)) return of(input).init(key, input as never);
      const kept = Object.fromEntries(Object.entries(input).filter(([each]) => !masks.includes(each)));
      return of(kept[main] ?? []).init(key, kept as never);
    },
    apply(variables: Variables, x: Tensor | Parts<Tensor>, context: Context) {
      const sequence = isTensor(x) ? x : x[main];
      return of(sequence?.shape ?? []).apply(variables, x as never, context);
    },
  };
  return Object.freeze(layer) as Layer<Tree, Tree, X, Y>;
}

const isShape = (shapes: Shape | Parts<Shape>): shapes is Shape => Array.isArray(shapes);
