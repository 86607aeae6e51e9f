/** What goes into a layer or function, and what comes out: read from `apply`, because `init` knows only shapes. */
interface Applied<X, Y> {
  // Functions have an `apply` too.
  readonly '~dendrite': 'layer';
  apply: (variables: never, x: X, context: never) => readonly [Y, unknown];
}

export type InputOf<L> = L extends Applied<infer X, unknown> ? X : L extends (x: infer X) => unknown ? X : never;
export type OutputOf<L> = L extends Applied<never, infer Y> ? Y : L extends (x: never) => infer Y ? Y : never;
