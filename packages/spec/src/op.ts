/**
 * Ops: data and pure functions. Running them is the runtime's business. A backward pass is made of ops, never of hidden
 * kernels, so each part of it has cases, a decomposition and a cell in the support matrix.
 */
import type { Expression } from './expression.ts';
import type { HostArray, Tensor, TensorSpec } from './tensor.ts';

/** What specialises a kernel: plain values, equal by content. Numbers that change from call to call are `args` instead. */
export type Attributes = { readonly [name: string]: number | boolean | string | readonly number[] };

/** One use of an op with everything a kernel may be specialised for. */
export interface Call {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly attributes: Attributes;
}

/** What a gradient rule may read: only what the op `saves` may be asked for with `input` and `output`. */
export interface GradientContext {
  input(i: number): Tensor;
  output(i: number): Tensor;
  /** Shape and dtype of input `i`, saved or not. */
  spec(i: number): TensorSpec;
  /** Cotangent of each output; null where nothing depends on it. At least one is not null. */
  readonly dy: readonly (Tensor | null)[];
  /** Which inputs need a cotangent. The others' results are ignored. */
  readonly needs: readonly boolean[];
  readonly attributes: Attributes;
  readonly args: readonly number[];
}
/** Cotangents of the inputs, in their shapes and dtypes; null means zero. */
export type GradientRule = (context: GradientContext) => readonly (Tensor | null)[];

interface OpBase {
  readonly '~dendrite': 'op';
  /** `'cnn/conv2d'`. Identity is the object; the name is for people, files and backends over a foreign library. */
  readonly name: `${string}/${string}`;
  /** The shape and dtype rule, and the only check there is: kernels trust it. Throws SHAPE, DTYPE or OPTION. */
  infer(inputs: readonly TensorSpec[], attributes: Attributes): readonly TensorSpec[];
  /** Outputs after the first `visible` are residuals for the gradient (mean and 1/σ, …): the public function drops them. Default: all. */
  readonly visible?: number;
  /** Floating point operations of a call, for plans and benchmarks. */
  flops?(call: Call): number;
}

interface Differentiable {
  /** What the tape keeps alive; anything else may be freed at once. An index past a call's inputs (an optional one) is skipped. */
  readonly saves: { readonly inputs?: readonly number[]; readonly outputs?: readonly number[] };
  /**
   * The rule; `'zero'` where the outputs are constants to every gradient (comparisons, indices, random numbers); or why there is
   * none, and then a gradient that reaches it throws with this reason.
   */
  readonly gradient: GradientRule | 'zero' | { readonly none: string };
}

/** The basis: what a new backend must run. Everything else decomposes into it. */
export interface PrimitiveOp extends OpBase, Differentiable {
  readonly kind: 'primitive';
  readonly kernels: Kernels & Required<Pick<Kernels, 'js'>>;
}
/** Runs by `decompose` wherever no kernel is accepted. */
export interface CompositeOp extends OpBase, Differentiable {
  readonly kind: 'composite';
  decompose(inputs: readonly Tensor[], attributes: Attributes, args: readonly number[]): readonly Tensor[];
  readonly kernels?: Kernels;
}
/** Element-wise formulas, one an output; inputs broadcast to the output's shape. */
export interface ExpressionOp extends OpBase {
  readonly kind: 'expression';
  expressions(attributes: Attributes): readonly Expression[];
  /**
   * One an input, over inputs `0…n−1`, then the outputs, then dy of each output (`{ input: n + outputs + j }`); null is zero.
   * Only what they read is saved. `'zero'` and `{ none }` as in `gradient` of other ops.
   */
  readonly derivatives:
    | ((attributes: Attributes) => readonly (Expression | null)[])
    | 'zero'
    | { readonly none: string };
}
export type Op = PrimitiveOp | CompositeOp | ExpressionOp;

/**
 * An op's kernels, by the language they are written in: thunks around `import()`, so that a program loads only what its device runs,
 * `wasm: () => import('./x.wasm.ts').then((m) => m.x)`. `createRuntime`, `fit` and `predict` await them; `runtime.load()` does for ops
 * that were defined later. The CPU device has JavaScript kernels of primitives from the beginning, and a composite decomposes until
 * its own has come: so the default runtime, which is there without a promise, can run anything at once.
 */
export interface Kernels {
  readonly js?: JsKernel | (() => Promise<JsKernel>);
  readonly wasm?: () => Promise<WasmKernel>;
}
export type Language = keyof Kernels;

/**
 * A kernel in JavaScript. `prepare` does once for a call's specs what does not depend on data; the routine it returns is run
 * many times. A view starts at its tensor's first element and may be longer than the tensor: sizes come from `call`, and
 * nothing may be written outside the output's elements, all of which must be written.
 */
export interface JsKernel {
  readonly language: 'js';
  /** false: this kernel cannot do this call (a dtype, a rank); the next candidate is asked. */
  accepts?(call: Call): boolean;
  prepare(call: Call): JsRoutine;
}
export type JsRoutine = (outputs: readonly HostArray[], inputs: readonly HostArray[], args: readonly number[]) => void;

/** Values that are baked into a kernel; equal values share one module. */
export type KernelConstants = Readonly<Record<string, number | string | boolean>>;
/**
 * A kernel as a WebAssembly module, emitted when it is first needed. The module imports `env.memory` (a device with threads makes
 * it a shared one) and exports one function for each phase: `(begin, end, …outputs, …inputs, scratch, …arguments)`, addresses and
 * lengths as i32, then the call's run-time numbers as f64. A kernel with `threadScratch` gets its address behind `scratch`. An
 * address is that of the tensor's first element, aligned as its dtype asks. Up to 16 bytes behind a tensor may be read; nothing
 * may be written outside the outputs' elements and the scratch.
 */
export interface WasmKernel extends WasmVariant {
  readonly language: 'wasm';
  /** false: this kernel cannot do this call; the next candidate is asked. Must not look at the batch or row count. */
  accepts?(call: Call): boolean;
  /**
   * The same results, to the bit, by one module for many shapes. It runs the first two times that a call comes: a module of its own
   * is emitted at the third, for shapes that do not come back are not worth one.
   */
  generic?(call: Call): GenericVariant | undefined;
}
/** One way to compute calls of many shapes. */
export interface GenericVariant extends WasmVariant {
  /** So many calls that share what is baked in get modules of their own in its place; further ones stay with it. Default: all. */
  readonly mostOwn?: number;
}
/** One way to compute a kernel's calls. */
export interface WasmVariant {
  /** What is baked in; all else must reach the kernel as an argument. */
  specialize(call: Call): KernelConstants;
  /** Whole numbers that change from shape to shape. */
  arguments?(call: Call): readonly number[];
  /** Bytes of scratch that all phases and threads see, contents undefined at first. Depends on the call alone. */
  scratch?(call: Call): number;
  /** Bytes of scratch that each thread has for itself, contents undefined at the start of each unit. Depends on the call alone. */
  threadScratch?(call: Call): number;
  /** Run one after another. A unit's result depends on its index alone, so that any split gives the same bits. */
  readonly phases: readonly WasmPhase[];
  emit(constants: KernelConstants, target: WasmTarget): Uint8Array<ArrayBuffer>;
  /**
   * The error of data that the kernel cannot take (an index out of range). The module may import `env.fail`, which takes three i32
   * and throws this; only in a phase without `work`.
   */
  failure?(found: number, limit: number, at: number): Error;
}
export interface WasmPhase {
  readonly entry: string;
  units(call: Call): number;
  /**
   * Floating point operations of one unit, or bytes it reads and writes where those are more (an exponential counts as 20). A phase
   * that says it is run by several threads and in several calls, where there is enough to do: its units then share of `scratch` what
   * earlier phases left there and what each writes for itself, and have the rest in `threadScratch`. Others are run in one call.
   */
  work?(call: Call): number;
}
export interface WasmTarget {
  /** Relaxed SIMD may be used. */
  readonly relaxed: boolean;
}

const defined: Set<Op> = ((globalThis as { '~dendrite.ops'?: Set<Op> })['~dendrite.ops'] ??= new Set<Op>());

/** Every op that this program has defined, in order of definition; shared by all copies of this package. */
export const definedOps = (): Iterable<Op> => defined;

/** Makes an op known to `describeBackends()`. Write it behind a PURE annotation, so that an op nobody calls is dropped by bundlers. */
export function defineOp<const O extends Op>(op: O): O {
  defined.add(op);
  return op;
}
