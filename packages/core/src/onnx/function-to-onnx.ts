/** Any function of tensors as an ONNX model: it is run a few times where nothing is computed, and what it asked for is written down. */
import { encodeModel } from '@dendrite/onnx';
import {
  type GraphInput,
  joinTraces,
  type Lengths,
  rowNames,
  type Trace,
  TraceDevice,
  writeProgram,
} from '@dendrite/onnx/program';
import {
  DendriteError,
  type DType,
  type HostArray,
  isDendriteError,
  type SavedArray,
  type Tensor,
  type Tree,
} from '@dendrite/spec';
import { createRuntime } from '../engine/create-runtime.ts';
import { isTensor, leaves } from '../tree/tree.ts';
import { version } from '../version.ts';
import { type LengthRange, triedLengths } from './tried-lengths.ts';

export interface OnnxInput {
  /** A text is the name of a length that is free: `['batch', 'tokens', 8]`. */
  readonly shape: readonly (number | string)[];
  /** Default float32. */
  readonly dtype?: DType;
}
export interface OnnxOptions<
  I extends Readonly<Record<string, OnnxInput>> = Readonly<Record<string, OnnxInput>>,
  H extends Readonly<Record<string, SavedArray>> = Readonly<Record<string, SavedArray>>,
> {
  readonly inputs: I;
  /** Arrays that the model holds, parameters above all. */
  readonly held?: H;
  /**
   * The most that free lengths may be, by name; or `{ least, most, multipleOf }`, for a function that takes no shorter ones, or does
   * other things where something is left over. Default: no limit, but tables that a function makes on the host (sinusoidal and rotary
   * positions) have 512 rows, and longer sequences then fail.
   */
  readonly lengths?: Readonly<Record<string, LengthRange>>;
  /** Texts that the file carries. */
  readonly metadata?: Readonly<Record<string, string>>;
}
type TensorsOf<T> = { readonly [K in keyof T]: Tensor };

/**
 * The bytes of an `.onnx` file (ai.onnx 17) that computes `f`.
 * `f` is run as it is, for a few lengths, on a device that keeps no values: branches and loops of JavaScript become what they were in
 * these runs, and a number that depends on a length (of a shape, an option, a factor) is found from its values in them. Ops are written by
 * a table of operators, formulas node by node, all else as what it decomposes into.
 * @param f  synchronous; gives one tensor, which is output `y`, or a tree of them, named by their paths
 * @param options.inputs    name → shape and dtype
 * @param options.held      arrays by name, which `f` gets as tensors
 * @param options.lengths   the most that free lengths may be, or also the least, and what they are multiples of
 * @param options.metadata  texts in the file
 * @throws OPTION  for an op that ONNX has no operators for, or a function that does something else for other lengths; BACKEND for one
 *   that reads values back
 * @numerics  float32 throughout; sums are ordered by the runtime that runs the model
 * @example
 * import { matmul, tanh } from '@dendrite/core';
 * import { functionToOnnx } from '@dendrite/core/onnx';
 * const weight = { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) } as const;
 * const bytes = await functionToOnnx(({ x }, { w }) => tanh(matmul(x, w, {})), {
 *   inputs: { x: { shape: ['rows', 2] } },
 *   held: { w: weight },
 * });
 * bytes[0]; // 8
 */
export async function functionToOnnx<
  const I extends Readonly<Record<string, OnnxInput>>,
  const H extends Readonly<Record<string, SavedArray>>,
>(f: (inputs: TensorsOf<I>, held: TensorsOf<H>) => Tree, options: OnnxOptions<I, H>): Promise<Uint8Array<ArrayBuffer>> {
  const { inputs, held, lengths = {}, metadata = {} }: OnnxOptions = options;
  const device = new TraceDevice(rowNames);
  const runtime = await createRuntime({ backends: [device.backend], fallback: false });
  const given = Object.entries(inputs).map(
    ([name, { shape, dtype = 'float32' }]): GraphInput => ({ name, shape, dtype }),
  );
  const { tried, longest, names, fixed } = triedLengths(given, lengths);
  const shown = given.map((input) => ({
    ...input,
    shape: input.shape.map((length) => (typeof length === 'string' ? (fixed[length] ?? length) : length)),
  }));
  const arrays = Object.fromEntries(
    Object.entries(held ?? {}).map(([name, { data, shape, dtype }]) => [
      name,
      device.naming({ held: name }, () => runtime.tensor(data, shape, dtype)),
    ]),
  );
  const named = (at: Lengths): Readonly<Record<string, Tensor>> =>
    Object.fromEntries(
      shown.map(({ name, shape, dtype }) => {
        const full = shape.map((length) => (typeof length === 'string' ? (at[length] ?? 1) : length));
        const size = full.reduce((a, b) => a * b, 1);
        return [name, device.naming({ input: name }, () => runtime.tensor(nothingOf(dtype, size), full, dtype))];
      }),
    );
  const trace = (at: Lengths): Trace => {
    device.begin();
    return runtime.untracked(() =>
      runtime.scope(() => {
        // A scope of its own refuses promises.
        const given = runtime.scope(() => f(named(at) as TensorsOf<I>, arrays as TensorsOf<H>));
        return device.end(at, outputsOf(given));
      }),
    );
  };
  try {
    const long = longest && attempted(() => trace(longest));
    const program = joinTraces({
      traces: tried.map((at, i) => withLengths(at, tried[i === 0 ? tried.length - 1 : 0] ?? at, trace)),
      names,
      ...(long && { longest: long }),
    });
    return encodeModel({
      opsets: { '': 17 },
      producer: { name: '@dendrite/core', version },
      graph: writeProgram(program, shown),
      metadata,
    });
  } finally {
    await runtime.dispose();
  }
}

/** Tensors of a tree by their paths; a single one is `y`. @throws OPTION where there is none */
function outputsOf(tree: Tree): Readonly<Record<string, Tensor>> {
  const found = isTensor(tree) ? [{ path: 'y', tensor: tree }] : leaves(tree);
  if (found.length > 0) return Object.fromEntries(found.map(({ path, tensor }) => [path, tensor]));
  throw new DendriteError(
    'OPTION',
    'toOnnx(): the function must give at least one tensor, got a tree without any. Return what is to be computed.',
  );
}
/** Zeros of a dtype: what lies in an input is never looked at. */
const nothingOf = (dtype: DType, size: number): HostArray =>
  dtype === 'float32' ? new Float32Array(size) : dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);

/** Says which lengths a function was tried with where it refuses them: what it says of others in the same words is not of lengths. */
function withLengths(at: Lengths, others: Lengths, run: (at: Lengths) => Trace): Trace {
  try {
    return run(at);
  } catch (error) {
    if (!isDendriteError(error) || refusalOf(() => run(others))?.message === error.message) throw error;
    const said = Object.entries(at).map(([name, length]) => `${name} ${length}`);
    throw new DendriteError(
      error.code,
      `toOnnx(): the function must take free lengths of any size, got this for ${said.join(', ')}: ${error.message} Say what a length may be with lengths: { ${Object.keys(at).at(-1)}: { least, most, multipleOf } }, or write a number in its place.`,
      { cause: error },
    );
  }
}

/** A trace that only tables are taken from, where the function takes such lengths. */
function attempted(run: () => Trace): Trace | undefined {
  let trace: Trace | undefined;
  refusalOf(() => {
    trace = run();
  });
  return trace;
}
function refusalOf(run: () => void): DendriteError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (isDendriteError(error)) return error;
    throw error;
  }
}
