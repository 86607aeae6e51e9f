/**
 * Matrix product with SIMD. The first operand is read as it lies, transposed or not; a transposed second one is turned round
 * into scratch first. Columns go in panels of eight, rows in blocks that stay in the nearest cache.
 * Baked in: the columns, and the sum's length or (first operand transposed) the rows. The batch is an argument.
 */
import type { Call, KernelConstants, WasmKernel, WasmTarget } from '@dendrite/spec';
import { type Value, wasmModule } from '@dendrite/wasm-assembler';
import { isFloat32 } from '../../wasm-kernels/is-float32.ts';
import { productTiles } from '../../wasm-kernels/product-tiles.ts';
import { transposeMatrix } from '../../wasm-kernels/transpose-matrix.ts';

/** Rows of a unit of work: whole tiles of 6 and of 4. */
const block = 48;

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
    const { batch, m, k } = lengthsOf(call);
    return [batch, m, k];
  },
  scratch(call) {
    const { batch, k, n } = lengthsOf(call);
    return call.attributes.transposeB === true ? 4 * batch * k * n + 16 : 0;
  },
  phases: [
    { entry: 'pack', units: (call) => (call.attributes.transposeB === true ? lengthsOf(call).batch : 0) },
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

const parameters = {
  begin: 'i32',
  end: 'i32',
  y: 'i32',
  a: 'i32',
  b: 'i32',
  scratch: 'i32',
  batch: 'i32',
  m: 'i32',
  k: 'i32',
} as const;

function emit({ transposeA, transposeB, n, m, k }: KernelConstants, { relaxed }: WasmTarget): Uint8Array<ArrayBuffer> {
  const columns = Number(n);
  const module = wasmModule();
  module.importMemory('env', 'memory', { initial: 1 });
  const strides = transposeA === true ? { row: 4, step: 4 * Number(m) } : { row: 4 * Number(k), step: 4 };
  const tiles = productTiles(module, { ...strides, b: 4 * columns, c: 4 * columns, relaxed });
  const widths = [Math.min(8, columns), columns % 8].filter((width) => width > 0);
  for (const width of widths) for (let rows = 1; rows <= tiles.tallest; rows++) tiles.tile(rows, width);

  module.function('pack', { parameters }, (f, { begin, end, b, scratch, k: length }) => {
    const size = f.let(length.mul(4 * columns));
    f.loop(begin, end, (i) => {
      const [to, from] = [f.let(scratch.add(i.mul(size))), f.let(b.add(i.mul(size)))];
      transposeMatrix(f, { to, from, rows: f.local('i32', columns), columns: length });
    });
  });

  module.function('run', { parameters }, (f, { begin, end, y, a, b, scratch, m: rows, k: length }) => {
    const right = transposeB === true ? scratch : b;
    const blocks = f.let(rows.add(block - 1).div_s(block));
    f.loop(begin, end, (unit) => {
      const matrix = f.let(unit.div_s(blocks));
      const from = f.let(unit.rem_s(blocks).mul(block));
      const until = f.let(from.add(block));
      f.if(until.gt_s(rows), () => until.set(rows));
      const aAt = f.let(a.add(matrix.mul(rows).mul(length).shl(2)));
      const bAt = f.let(right.add(matrix.mul(length).mul(4 * columns)));
      const yAt = f.let(y.add(matrix.mul(rows).mul(4 * columns)));
      const panel = (j: Value<'i32'> | number, width: number): void => {
        const [bPanel, yPanel] =
          typeof j === 'number' ? [bAt.add(4 * j), yAt.add(4 * j)] : [bAt.add(j.shl(2)), yAt.add(j.shl(2))];
        const [bj, yj] = [f.let(bPanel), f.let(yPanel)];
        const tile = (i: Value<'i32'>, height: number): void =>
          f.do(
            tiles.tile(height, width)({ a: aAt.add(i.mul(strides.row)), b: bj, c: yj.add(i.mul(4 * columns)), length }),
          );
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
      const whole = columns - (columns % 8);
      if (whole > 0) f.loop(0, whole, 8, (j) => panel(j, 8));
      if (columns % 8 > 0) panel(whole, columns % 8);
    });
  });
  return module.toBytes();
}
