/**
 * Matrix product with SIMD. The first operand is read as it lies, transposed or not. Columns go in panels of eight; where the
 * second operand is transposed, or so wide that its rows fall on the same cache lines, its panels are packed into scratch first.
 * Rows go in blocks that stay in the nearest cache.
 * Baked in: the columns, and the sum's length or (first operand transposed) the rows. The batch is an argument.
 */
import type { Call, KernelConstants, WasmKernel, WasmTarget } from '@dendrite/spec';
import { constant, type FunctionBuilder, type Value, v128, wasmModule } from '@dendrite/wasm-assembler';
import { isFloat32 } from '../../wasm-kernels/is-float32.ts';
import { type ProductTiles, productTiles } from '../../wasm-kernels/product-tiles.ts';
import { transposeMatrix } from '../../wasm-kernels/transpose-matrix.ts';

/** Rows of a unit of work: whole tiles of 6 and of 4. */
const block = 48;
/** Columns from which on packing pays, if there are rows to use it. */
const wide = 192;

interface Lengths {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}
function lengthsOf({ inputs: [a], outputs: [y], attributes }: Call): Lengths {
  const shape = y?.shape ?? [];
  const [m = 0, n = 0] = shape.slice(-2);
  const k = a?.shape.at(attributes.transposeA === true ? -2 : -1) ?? 0;
  return { batch: shape.length === 3 ? (shape[0] ?? 0) : 1, m, k, n };
}

const panelsOf = (n: number): number => Math.ceil(n / 8);
/** What is packed, by the rows that will use it; the bits do not depend on it. */
function isPacked(call: Call): boolean {
  const { m, n } = lengthsOf(call);
  return call.attributes.transposeB === true || (n >= wide && m >= block);
}

export const matmulWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: isFloat32,
  specialize(call) {
    const { m, k, n } = lengthsOf(call);
    const { transposeA, transposeB } = call.attributes;
    const first = transposeA === true;
    return { transposeA: first, transposeB: transposeB === true, n, [first ? 'm' : 'k']: first ? m : k };
  },
  arguments(call) {
    const { m, k } = lengthsOf(call);
    return [m, k, isPacked(call) ? 1 : 0];
  },
  scratch(call) {
    const { batch, k, n } = lengthsOf(call);
    return isPacked(call) ? 32 * batch * k * panelsOf(n) : 0;
  },
  phases: [
    {
      entry: 'pack',
      units(call) {
        const { batch, n } = lengthsOf(call);
        return isPacked(call) ? batch * panelsOf(n) : 0;
      },
    },
    {
      entry: 'run',
      units(call) {
        const { batch, m } = lengthsOf(call);
        return batch * Math.ceil(m / block);
      },
    },
  ],
  emit,
};

type Int = Value<'i32'>;
const operands = { y: 'i32', a: 'i32', b: 'i32', scratch: 'i32', m: 'i32', k: 'i32', packed: 'i32' } as const;
const parameters = { begin: 'i32', end: 'i32', ...operands } as const;

function emit({ transposeA, transposeB, n, m, k }: KernelConstants, { relaxed }: WasmTarget): Uint8Array<ArrayBuffer> {
  const columns = Number(n);
  const panels = panelsOf(columns);
  const module = wasmModule();
  module.importMemory('env', 'memory', { initial: 1 });
  const strides = transposeA === true ? { row: 4, step: 4 * Number(m) } : { row: 4 * Number(k), step: 4 };
  const tilesOver = (b: number, name: string): ProductTiles => {
    const tiles = productTiles(module, { ...strides, b, c: 4 * columns, relaxed, name });
    for (const width of [columns >= 8 ? 8 : 0, columns % 8])
      if (width > 0) for (let rows = 1; rows <= tiles.tallest; rows++) tiles.tile(rows, width);
    return tiles;
  };
  const asItLies = transposeB === true ? undefined : tilesOver(4 * columns, 'Plain');
  const fromPanels = transposeB === true || columns >= wide ? tilesOver(32, 'Packed') : undefined;

  module.function('pack', { parameters }, (f, { begin, end, b, scratch, k: length }) => {
    f.loop(begin, end, (unit) => {
      const matrix = f.let(unit.div_s(panels));
      const panel = f.let(unit.rem_s(panels));
      const from = f.let(b.add(matrix.mul(length).mul(4 * columns)));
      const to = f.let(scratch.add(unit.mul(length).shl(5)));
      const width = (count: number): void => {
        if (transposeB === true) {
          const rows = f.local('i32', count);
          const first = f.let(from.add(panel.mul(length).shl(5)));
          transposeMatrix(f, { to, from: first, rows, columns: length, toStep: constant('i32', 32) });
        } else
          copyPanel(f, { to, from: f.let(from.add(panel.shl(5))), length, columns, vectors: Math.ceil(count / 4) });
      };
      if (columns % 8 === 0) width(8);
      else
        f.if(
          panel.eq(panels - 1),
          () => width(columns % 8),
          () => width(8),
        );
    });
  });

  module.function('run', { parameters }, (f, { begin, end, y, a, b, scratch, m: rows, k: length, packed }) => {
    const blocks = f.let(rows.add(block - 1).div_s(block));
    f.loop(begin, end, (unit) => {
      const matrix = f.let(unit.div_s(blocks));
      const from = f.let(unit.rem_s(blocks).mul(block));
      const until = f.let(from.add(block));
      f.if(until.gt_s(rows), () => until.set(rows));
      const aAt = f.let(a.add(matrix.mul(rows).mul(length).shl(2)));
      const yAt = f.let(y.add(matrix.mul(rows).mul(4 * columns)));
      /** All panels of one block of rows; `panelStep`: bytes from one panel of `b` to the next. */
      const product = (tiles: ProductTiles, bAt: Int, panelStep: Int): void => {
        const panel = (j: Int, width: number): void => {
          const bj = f.let(bAt.add(j.mul(panelStep)));
          const yj = f.let(yAt.add(j.shl(5)));
          const tile = (i: Int, height: number): void => {
            const c = yj.add(i.mul(4 * columns));
            f.do(tiles.tile(height, width)({ a: aAt.add(i.mul(strides.row)), b: bj, c, length }));
          };
          const i = f.let(from);
          f.while(
            () => i.add(tiles.tallest).le_s(until),
            () => {
              tile(i, tiles.tallest);
              i.set(i.add(tiles.tallest));
            },
          );
          const left = f.let(until.sub(i));
          for (let height = 1; height < tiles.tallest; height++) f.if(left.eq(height), () => tile(i, height));
        };
        const whole = (columns - (columns % 8)) / 8;
        if (whole > 0) f.loop(0, whole, (j) => panel(j, 8));
        if (columns % 8 > 0) panel(f.local('i32', whole), columns % 8);
      };
      const plainly = (): void => {
        if (asItLies) product(asItLies, f.let(b.add(matrix.mul(length).mul(4 * columns))), constant('i32', 32));
      };
      const inPanels = (): void => {
        const step = f.let(length.shl(5));
        if (fromPanels) product(fromPanels, f.let(scratch.add(matrix.mul(panels).mul(step))), step);
      };
      if (asItLies && fromPanels) f.if(packed, inPanels, plainly);
      else if (asItLies) plainly();
      else inPanels();
    });
  });
  return module.toBytes();
}

/** Eight columns (or `vectors` · 4) of a matrix, one behind the other. */
function copyPanel(
  f: FunctionBuilder,
  at: {
    readonly to: Int;
    readonly from: Int;
    readonly length: Int;
    readonly columns: number;
    readonly vectors: number;
  },
): void {
  const [to, from] = [f.let(at.to), f.let(at.from)];
  f.loop(0, at.length, () => {
    for (let v = 0; v < at.vectors; v++) f.v128.store(to, v128.load(from, 16 * v), 16 * v);
    to.set(to.add(32));
    from.set(from.add(4 * at.columns));
  });
}
