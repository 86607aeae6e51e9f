/** Layers and plain functions, called alike: what all compositions rest on. */
import { fill, leaves } from '@dendrite/core';
import type { Context, Json, Key, LayerLike, Shape, Tensor, Tree, Variables } from '@dendrite/spec';

/** Shapes of a tree of tensors of any form. */
export type ShapeTree = Shape | { readonly [name: string]: ShapeTree } | readonly ShapeTree[];
/** A layer whose types are known to its user alone. */
export interface AnyLayer {
  readonly '~dendrite': 'layer';
  readonly name: string;
  readonly config: Json;
  readonly packages?: Readonly<Record<string, string>>;
  init(key: Key, input: ShapeTree): Variables & { readonly output: ShapeTree };
  apply(variables: Variables, x: Tree, context: Context): readonly [y: Tree, state: Tree];
}
export type AnyLayerLike = LayerLike<never, Tree>;
const nothing: Readonly<Record<never, never>> = Object.freeze({});

/** What `summary` wants to know of each layer as it is made. */
export interface InitObserver {
  enter(name: string): void;
  leave(made: { readonly layer: string; readonly output: ShapeTree; readonly parameters: number }): void;
}
let observer: InitObserver | null = null;

/** Runs `f` with an observer of every layer that is initialised in it; `init` is synchronous, so nothing else can come between. */
export function observeInit<T>(watcher: InitObserver, f: () => T): T {
  const before = observer;
  observer = watcher;
  try {
    return f();
  } finally {
    observer = before;
  }
}

/** A function as a layer without parameters; a layer as it is. */
export function asLayer(layer: AnyLayerLike): AnyLayer {
  if (typeof layer !== 'function') return erased(layer);
  const run = layer as (x: Tree) => Tree;
  return {
    '~dendrite': 'layer',
    name: layer.name || 'function',
    config: null,
    init: (key, input) => ({ params: nothing, state: nothing, output: traceShapes(key, input, run) }),
    apply: ({ state }, x) => [run(x), state],
  };
}

const erased = (layer: object): AnyLayer => layer as AnyLayer;

/** `packages` of a layer around these: what they say together. */
export function packagesOf(layers: readonly AnyLayerLike[]): Pick<AnyLayer, 'packages'> {
  const packages = Object.assign({}, ...layers.map((layer) => asLayer(layer).packages));
  return Object.keys(packages).length === 0 ? {} : { packages };
}

/** Initialises a layer inside another one. */
export function initChild(
  layer: AnyLayerLike,
  path: string,
  key: Key,
  input: ShapeTree,
): Variables & { readonly output: ShapeTree } {
  const each = asLayer(layer);
  observer?.enter(path);
  const made = each.init(key.fork(path), input);
  const parameters = leaves(made.params).reduce((sum, { tensor }) => sum + tensor.size, 0);
  observer?.leave({ layer: each.name, output: made.output, parameters });
  return made;
}

/** Applies a layer inside another one, under its own key. */
export function applyChild(
  layer: AnyLayerLike,
  path: string,
  variables: Variables,
  x: Tree,
  { training, key }: Context,
): readonly [Tree, Tree] {
  if (typeof layer === 'function') return [(layer as (x: Tree) => Tree)(x), variables.state];
  return asLayer(layer).apply(variables, x, { training, key: key.fork(path) });
}

/** Shapes of what a function gives for inputs of these shapes. */
export function traceShapes(key: Key, input: ShapeTree, f: (x: Tree) => Tree): ShapeTree {
  const { runtime } = key;
  let output: ShapeTree = [];
  runtime.trace(() =>
    runtime.scope(() => {
      output = shapesOf(f(zerosOf(key, input)));
    }),
  );
  return output;
}

/** Zeros in these shapes, float32. */
export function zerosOf(key: Key, shapes: ShapeTree): Tree {
  if (isShape(shapes)) return fill(key.runtime, { shape: shapes }, 0);
  if (Array.isArray(shapes)) return shapes.map((each) => zerosOf(key, each as ShapeTree));
  return Object.fromEntries(
    Object.entries(shapes as object).map(([name, each]) => [name, zerosOf(key, each as ShapeTree)]),
  );
}

/** The shape of every tensor of a tree. */
export function shapesOf(tree: Tree): ShapeTree {
  if (isTensor(tree)) return tree.shape;
  if (Array.isArray(tree)) return tree.map((each: Tree) => shapesOf(each));
  return Object.fromEntries(Object.entries(tree as object).map(([name, each]) => [name, shapesOf(each as Tree)]));
}

const isShape = (shapes: unknown): shapes is Shape =>
  Array.isArray(shapes) && shapes.every((length) => typeof length === 'number');
const isTensor = (tree: Tree): tree is Tensor => '~dendrite' in tree && tree['~dendrite'] === 'tensor';

/** What a composition's parameters or state hold for one of its layers; `{}` where they hold nothing. */
export const partOf = (tree: Tree, name: string | number): Tree =>
  (tree as { readonly [name: string | number]: Tree })[name] ?? {};
