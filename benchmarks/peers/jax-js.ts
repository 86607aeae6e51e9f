// jax-js on its WASM backend, in this process. In Node it runs on one thread: it has no workers there. An optional dependency, so
// its types are written down here, as far as they are used.

/** A function takes its arguments away, methods their array too; `ref` is the same array to be taken once more. */
export interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: readonly number[];
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  transpose(axes: readonly number[]): JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}
type Unary = (x: JaxArray) => JaxArray;
type Reduction = (x: JaxArray, axes?: number | readonly number[]) => JaxArray;
export type JaxArrays = readonly JaxArray[];

export interface Jax {
  init(device: 'wasm'): Promise<readonly string[]>;
  defaultDevice(device: 'wasm'): void;
  readonly numpy: {
    array(values: Float32Array | Int32Array | number): JaxArray;
    zeros(shape: readonly number[]): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    readonly sqrt: Unary;
    readonly max: Reduction;
    readonly sum: Reduction;
    readonly mean: Reduction;
  };
  readonly nn: {
    readonly relu: Unary;
    readonly logSoftmax: Unary;
    oneHot(labels: JaxArray, classes: number): JaxArray;
  };
  readonly lax: {
    /** Images `[B, C, H, W]`, filters `[F, C, H, W]`. */
    conv(x: JaxArray, filters: JaxArray, strides: readonly number[], padding: 'SAME' | 'VALID'): JaxArray;
  };
  /** With respect to the first argument. */
  valueAndGrad<Rest extends JaxArrays>(
    loss: (parameters: JaxArrays, ...rest: Rest) => JaxArray,
  ): (parameters: JaxArrays, ...rest: Rest) => readonly [JaxArray, JaxArrays];
  /** Compiled when it is called first. Arrays go in and out, and records and lists of them. */
  jit<F extends (...given: never) => object>(f: F): F & { dispose(): void };
}

/** jax-js with its WASM backend in use, or why it cannot be had. */
export async function loadJax(): Promise<{ readonly jax: Jax } | { readonly missing: string }> {
  const name: string = '@jax-js/jax';
  try {
    const jax = (await import(name)) as Jax;
    if (!(await jax.init('wasm')).includes('wasm')) return { missing: 'its wasm backend did not open' };
    jax.defaultDevice('wasm');
    return { jax };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
