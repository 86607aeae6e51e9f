/** Normalisation of columns and its gradient: sums over blocks of rows first, then every element once. */
import { integers, isFloat32, kernelModule } from '@dendrite/core/wasm-kernels';
import type { Call, KernelConstants, WasmKernel } from '@dendrite/spec';
import { type FunctionBuilder, f32, f32x4, type Local, type Value, v128 } from '@dendrite/wasm-assembler';
import { blockRows, blocksOf, eachColumns, joinBlocks, rowsOfBlock, storeAt } from './row-blocks.ts';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;
const sizes = ({ inputs: [x] }: Call): readonly [rows: number, width: number] => [x?.shape[0] ?? 0, x?.shape[1] ?? 1];

const common = {
  language: 'wasm',
  accepts: isFloat32,
  specialize: (call: Call): KernelConstants => ({ width: sizes(call)[1], epsilon: Number(call.attributes.epsilon) }),
  arguments(call: Call): readonly number[] {
    const [rows] = sizes(call);
    return [rows, blockRows(rows), blocksOf(rows)];
  },
  /** Two sums for each block, then three numbers for each column. */
  scratch: (call: Call): number => (2 * blocksOf(sizes(call)[0]) + 3) * 4 * sizes(call)[1] + 16,
} as const;
const overBlocks = (entry: string) => ({
  entry,
  units: (call: Call) => blocksOf(sizes(call)[0]),
  work: (call: Call) => 6 * sizes(call)[1] * blockRows(sizes(call)[0]),
});
const once = (entry: string) => ({ entry, units: () => 1 });

interface Block {
  readonly begin: Int;
  readonly end: Int;
  readonly rows: Int;
  readonly height: Int;
}
/** For each block of rows and a few columns at a time: `body` goes through the rows with what `start` made. */
function eachBlock(
  f: FunctionBuilder,
  { begin, end, rows, height }: Block,
  width: number,
  body: (unit: Int, at: Int, lanes: readonly number[], eachRow: (row: (place: Int) => void) => void) => void,
): void {
  f.loop(begin, end, (unit) => {
    const { from, to } = rowsOfBlock(f, unit, height, rows);
    eachColumns(f, width, (at, lanes) => {
      body(unit, at, lanes, (row) => {
        const place = f.let(from.mul(4 * width).add(at));
        f.loop(from, to, () => {
          row(place);
          place.set(place.add(4 * width));
        });
      });
    });
  });
}

/** `Σ of(place)` over the rows of each block, into scratch: each of the sums has `width` floats a block. */
function blockSums(
  f: FunctionBuilder,
  block: Block & { readonly scratch: Int },
  width: number,
  start: (at: Int, vectors: number) => (place: Int, v: number) => readonly Vector[],
  sums: number,
): void {
  eachBlock(f, block, width, (unit, at, lanes, eachRow) => {
    const of = start(at, lanes.length);
    const totals = lanes.map(() => Array.from({ length: sums }, (): Local<'v128'> => f.let(f32x4.splat(0))));
    eachRow((place) => {
      totals.forEach((each, v) => {
        const values = of(place, v);
        each.forEach((total, i) => {
          total.set(f32x4.add(total, values[i] as Vector));
        });
      });
    });
    const to = f.let(block.scratch.add(unit.mul(4 * width * sums)).add(at));
    totals.forEach((each, v) => {
      each.forEach((total, i) => {
        storeAt(f, to.add(16 * v + 4 * width * i), total, lanes[v] ?? 4);
      });
    });
  });
}

export const normaliseColumnsWasmKernel: WasmKernel = {
  ...common,
  phases: [overBlocks('sum'), once('average'), overBlocks('square'), once('spread'), overBlocks('apply')],
  emit({ width: columns, epsilon }) {
    const width = Number(columns);
    const m = kernelModule();
    const names = ['begin', 'end', 'y', 'mean', 'variance', 'x', 'scale', 'offset', 'scratch'] as const;
    const parameters = integers([...names, 'rows', 'height', 'blocks']);
    const average = (f: FunctionBuilder, rows: Int): Vector => f.let(f32x4.splat(f32.convert_i32_s(rows)));
    m.function('sum', { parameters }, (f, p) => {
      blockSums(f, p, width, () => (place, v) => [v128.load(p.x.add(place), 16 * v)], 1);
    });
    m.function('average', { parameters }, (f, p) => {
      const count = average(f, p.rows);
      joinBlocks(f, { from: p.scratch, count: p.blocks, step: 4 * width, width }, (at, sum, lanes) =>
        storeAt(f, p.mean.add(at), f32x4.div(sum, count), lanes),
      );
    });
    m.function('square', { parameters }, (f, p) => {
      const start = (at: Int, vectors: number) => {
        const means = Array.from({ length: vectors }, (_, v) => f.let(v128.load(p.mean.add(at), 16 * v)));
        return (place: Int, v: number): readonly Vector[] => {
          const each = f.let(f32x4.sub(v128.load(p.x.add(place), 16 * v), means[v] as Vector));
          return [f32x4.mul(each, each)];
        };
      };
      blockSums(f, p, width, start, 1);
    });
    m.function('spread', { parameters }, (f, p) => {
      const count = average(f, p.rows);
      joinBlocks(f, { from: p.scratch, count: p.blocks, step: 4 * width, width }, (at, sum, lanes) => {
        storeAt(f, p.variance.add(at), f32x4.div(sum, count), lanes);
      });
    });
    m.function('apply', { parameters }, (f, p) => {
      eachBlock(f, p, width, (_unit, at, lanes, eachRow) => {
        const load = (base: Int, v: number): Vector => f.let(v128.load(base.add(at), 16 * v));
        const factors = lanes.map((_, v) => f.let(f32x4.mul(rootOf(load(p.variance, v), epsilon), load(p.scale, v))));
        const means = lanes.map((_, v) => load(p.mean, v));
        const offsets = lanes.map((_, v) => load(p.offset, v));
        eachRow((place) => {
          lanes.forEach((count, v) => {
            const centred = f32x4.sub(v128.load(p.x.add(place), 16 * v), means[v] as Vector);
            const value = f32x4.add(f32x4.mul(centred, factors[v] as Vector), offsets[v] as Vector);
            storeAt(f, p.y.add(place).add(16 * v), value, count);
          });
        });
      });
    });
    return m.toBytes();
  },
};

const rootOf = (variance: Vector, epsilon: unknown): Vector =>
  f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(Number(epsilon)))));

export const normaliseColumnsGradientWasmKernel: WasmKernel = {
  ...common,
  phases: [overBlocks('sum'), once('join'), overBlocks('apply')],
  emit({ width: columns, epsilon }) {
    const width = Number(columns);
    const m = kernelModule();
    const parameters = integers([
      ...(['begin', 'end', 'dx', 'dScale', 'dOffset', 'x', 'scale', 'mean', 'variance', 'dy'] as const),
      ...(['scratch', 'rows', 'height', 'blocks'] as const),
    ]);
    m.function('sum', { parameters }, (f, p) => {
      const start = (at: Int, vectors: number) => {
        const load = (base: Int) => Array.from({ length: vectors }, (_, v) => f.let(v128.load(base.add(at), 16 * v)));
        const means = load(p.mean);
        return (place: Int, v: number): readonly Vector[] => {
          const dy = f.let(v128.load(p.dy.add(place), 16 * v));
          return [dy, f32x4.mul(dy, f32x4.sub(v128.load(p.x.add(place), 16 * v), means[v] as Vector))];
        };
      };
      blockSums(f, p, width, start, 2);
    });
    m.function('join', { parameters }, (f, p) => {
      const from = { count: p.blocks, step: 8 * width, width };
      joinBlocks(f, { from: p.scratch, ...from }, (at, sum, lanes) => storeAt(f, p.dOffset.add(at), sum, lanes));
      const second = f.let(p.scratch.add(4 * width));
      joinBlocks(f, { from: second, ...from }, (at, sum, lanes) => {
        const root = rootOf(v128.load(p.variance.add(at)), epsilon);
        storeAt(f, p.dScale.add(at), f32x4.mul(sum, root), lanes);
      });
    });
    m.function('apply', { parameters }, (f, p) => {
      const count = f.let(f32x4.splat(f32.convert_i32_s(p.rows)));
      eachBlock(f, p, width, (_unit, at, lanes, eachRow) => {
        const load = (base: Int, v: number): Vector => f.let(v128.load(base.add(at), 16 * v));
        const columns = lanes.map((_, v) => {
          const root = f.let(rootOf(load(p.variance, v), epsilon));
          return {
            mean: load(p.mean, v),
            factor: f.let(f32x4.mul(root, load(p.scale, v))),
            level: f.let(f32x4.div(load(p.dOffset, v), count)),
            slope: f.let(f32x4.div(f32x4.mul(load(p.dScale, v), root), count)),
          };
        });
        eachRow((place) => {
          columns.forEach(({ mean, factor, level, slope }, v) => {
            const centred = f32x4.sub(v128.load(p.x.add(place), 16 * v), mean);
            const step = f32x4.sub(f32x4.sub(v128.load(p.dy.add(place), 16 * v), level), f32x4.mul(centred, slope));
            storeAt(f, p.dx.add(place).add(16 * v), f32x4.mul(factor, step), lanes[v] ?? 4);
          });
        });
      });
    });
    return m.toBytes();
  },
};
