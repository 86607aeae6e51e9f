/** What a matrix product's WASM kernel is chosen by, and the four forms it has. */
import type { Call, KernelConstants, WasmTarget } from '@dendrite/spec';

export interface ProductLengths {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export function productLengths({ inputs: [a], outputs: [y], attributes }: Call): ProductLengths {
  const shape = y?.shape ?? [];
  const [m = 0, n = 0] = shape.slice(-2);
  const transposeA = attributes.transposeA === true;
  return {
    ...{ batch: shape.length === 3 ? (shape[0] ?? 0) : 1, m, n },
    k: a?.shape.at(transposeA ? -2 : -1) ?? 0,
    ...{ transposeA, transposeB: attributes.transposeB === true },
  };
}

/**
 * One way to compute a product: `pack` brings operands into scratch, `run` computes. Units of both depend on their index alone.
 * Entries take `operands`, then the arguments.
 */
export interface ProductForm {
  constants(lengths: ProductLengths): KernelConstants;
  arguments(lengths: ProductLengths): readonly number[];
  scratch(lengths: ProductLengths): number;
  readonly pack: ProductPhase;
  readonly run: ProductPhase;
  emit(constants: KernelConstants, target: WasmTarget): Uint8Array<ArrayBuffer>;
}

export interface ProductPhase {
  units(lengths: ProductLengths): number;
  /** Floating point operations, or bytes, of a unit. */
  work(lengths: ProductLengths): number;
}

/** What every entry is called with first. */
export const operands = { begin: 'i32', end: 'i32', y: 'i32', a: 'i32', b: 'i32', scratch: 'i32' } as const;

export type ProductFormName = 'outer' | 'turned' | 'dots' | 'long';

/**
 * Elements of a sum, rows and columns from which on parts of the sum go outside. With fewer, 512³ and 1024³, one thread gains 2 to 5 %, and
 * two lose more, for they write to lines of the result side by side.
 */
const longFrom = 2048;
const longSides = 96;

/**
 * Few columns waste lanes: three columns cost as much as four, ten as much as twelve. Then lanes run along the rows instead, which
 * a transposed first operand has side by side (`turned`: yᵀ is computed), or along the sum, where that is long enough to be worth
 * four chains (`dots`). Neither batch nor, where they are a batch's examples, rows decide these, so no row's bits depend on its batch;
 * `long` has the bits of `outer`, so the sum's length may choose it.
 */
export function productForm({ m, k, n, transposeA, transposeB }: ProductLengths): ProductFormName {
  if (transposeA && !transposeB && k >= longFrom && m >= longSides && n >= longSides) return 'long';
  if (n >= 32 || n % 8 === 0) return 'outer';
  if (transposeA) return transposeB || m < 16 ? 'outer' : 'turned';
  return n % 4 !== 0 && k >= 80 ? 'dots' : 'outer';
}
