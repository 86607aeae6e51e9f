/** Gathering a sample of rows, finding the edges of bins in it and turning values into codes, as binning/ does, in WebAssembly. */
import {
  constant,
  type FunctionBuilder,
  f32,
  f64,
  f64x2,
  i8x16,
  i32,
  i64x2,
  select,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { mostBins } from '../binning/quantile-edges.ts';
import { behindEdges, emitBytes } from './bytes.emit.ts';
import { emitSort } from './sort.emit.ts';

export function emitBinning(m: WasmModule): void {
  emitSort(m);
  emitGather(m);
  emitTranspose(m);
  emitBytes(m);
  emitFew(m);
  emitEdges(m);
  emitGrid(m);
  for (const wide of [false, true]) emitEncode(m, wide);
}

/**
 * Of rows that lie one behind the other, `picks` of them at equal distances: picks `first` to `end − 1` of `columns` columns, each in
 * a place of its own, `stride` bytes apart.
 */
function emitGather(m: WasmModule): void {
  const rows = { from: 'i32', width: 'i32', begin: 'i32', rows: 'i32', picks: 'i32' } as const;
  const places = { first: 'i32', end: 'i32', columns: 'i32', to: 'i32', stride: 'i32' } as const;
  m.function('gather', { parameters: { ...rows, ...places } }, (f, given) => {
    const { from, width, begin, picks, first, end, columns, to, stride } = given;
    const [all, parts] = [f.let(f64.convert_i32_s(given.rows)), f.let(f64.convert_i32_s(picks))];
    f.loop(first, end, (i) => {
      const row = i32.trunc_f64_s(f64.convert_i32_s(i).mul(all).div(parts));
      const at = f.let(from.add(row.sub(begin).mul(width)));
      const place = f.let(to.add(i.shl(2)));
      f.loop(0, columns.shl(2), 4, (column) => {
        f.i32.store(place, i32.load(at.add(column)));
        place.set(place.add(stride));
      });
    });
  });
}

const sortedValues = { sorted: 'i32', count: 'i32', out: 'i32' } as const;
const valueAt = (sorted: Value<'i32'>, place: Value<'i32'>): Value<'f64'> =>
  f64.promote_f32(f32.load(sorted.add(place.shl(2))));

/** Writes the different ones of sorted values, and gives how many they are: one more than there are bins, should they be more. */
function emitFew(m: WasmModule): void {
  m.function('few', { parameters: sortedValues, result: 'i32' }, (f, { sorted, count, out }) => {
    const last = f.local('f64', Number.NaN);
    const found = f.local('i32');
    f.block((enough) => {
      f.loop(0, count, (i) => {
        const value = f.let(valueAt(sorted, i));
        f.if(value.ne(last), () => {
          f.branchIf(enough, found.eq(mostBins + 1));
          f.f64.store(out.add(found.shl(3)), value);
          found.set(found.add(1));
          last.set(value);
        });
      });
    });
    return found;
  });
}

/** As binning/quantile-edges.ts; gives how many edges. Behind room for 256 of them the centers of the bins. */
function emitEdges(m: WasmModule): void {
  m.function('edges', { parameters: sortedValues, result: 'i32' }, (f, { sorted, count, out }) => {
    const value = (place: Value<'i32'>): Value<'f64'> => valueAt(sorted, place);
    const most = f.let(value(count.sub(1)));
    const last = f.local('f64', Number.NEGATIVE_INFINITY);
    const below = f.let(value(constant('i32', 0)));
    const to = f.let(out);
    const center = (high: Value<'f64'>): void => {
      f.f64.store(to, below.add(high).div(2), behindEdges.centers);
      below.set(high);
    };
    f.loop(1, mostBins, (k) => {
      const at = f.let(k.mul(count).div_u(mostBins));
      const low = f.let(value(at.sub(1)));
      const high = f.let(value(at));
      f.if(low.eq(high), () => {
        const end = f.let(count);
        f.while(
          () => at.lt_s(end),
          () => {
            const middle = f.let(at.add(end).shr_u(1));
            f.if(
              value(middle).le(low),
              () => at.set(middle.add(1)),
              () => end.set(middle),
            );
          },
        );
        f.if(at.lt_s(count), () => high.set(value(at)));
      });
      const middle = f.let(low.add(high.sub(low).div(2)));
      const edge = f.let(select(middle.lt(high).and(middle.ge(low)), middle, low));
      f.if(edge.gt(last).and(edge.lt(most)), () => {
        f.f64.store(to, edge);
        center(edge);
        to.set(to.add(8));
        last.set(edge);
      });
    });
    center(most);
    return to.sub(out).shr_u(3);
  });
}

/** As in binning/cells.ts. */
const grid = { edges: 'i32', first: 'i32', low: 'f64', scale: 'f64', cells: 'f64' } as const;

/** Fills in how many edges lie in lower cells, for each cell. */
function emitGrid(m: WasmModule): void {
  m.function('grid', { parameters: { ...grid, edgeCount: 'i32' } }, (f, { edgeCount, ...given }) => {
    const { edges, first } = given;
    const end = f.let(first.add(i32.trunc_f64_s(given.cells)).add(2));
    f.memory.fill(first, 0, end.sub(first));
    f.loop(edges, edges.add(edgeCount.shl(3)), 8, (edge) => {
      const at = f.let(cellAt(cellsOf(f, f64x2.splat(f64.load(edge)), given), 0, first));
      f.i32.store8(at, i32.load8_u(at, 1).add(1), 1);
    });
    const sum = f.local('i32');
    f.loop(first, end, (at) => {
      sum.set(sum.add(i32.load8_u(at)));
      f.i32.store8(at, sum);
    });
  });
}

/**
 * How many of 255 edges (those that are missing are infinite) lie below each of two values or more. The grid says where to begin;
 * two steps without a branch are nearly always enough.
 */
function emitEncode(m: WasmModule, wide: boolean): void {
  m.function(
    wide ? 'encodeDoubles' : 'encodeFloats',
    { parameters: { ...grid, values: 'i32', count: 'i32', out: 'i32', stride: 'i32' } },
    (f, { values, count, out, stride, ...given }) => {
      const lastPair = f.let(count.sub(2));
      f.loop(0, count, 2, (i) => {
        const at = f.let(select(i.lt_s(lastPair), i, lastPair));
        const two = f.let(
          wide ? v128.load(values.add(at.shl(3))) : f64x2.promote_low_f32x4(v128.load64_zero(values.add(at.shl(2)))),
        );
        const cells = cellsOf(f, two, given);
        const place = f.let(out.add(at.mul(stride)));
        for (const lane of [0, 1]) {
          const value = f.let(f64x2.extract_lane(two, lane));
          const code = f.let(i32.load8_u(cellAt(cells, lane, given.first)));
          const isBelow = (): Value<'i32'> => f64.load(given.edges.add(code.shl(3))).lt(value);
          code.set(code.add(isBelow()));
          code.set(code.add(isBelow()));
          f.while(isBelow, () => code.set(code.add(1)));
          f.i32.store8(place, code);
          place.set(place.add(stride));
        }
      });
    },
  );
}

type GridValues = { readonly [name in 'low' | 'scale' | 'cells']: Value<'f64'> };
/** The cells of two values, in the low halves of the lanes: adding 2⁵² rounds to whole numbers. */
function cellsOf(f: FunctionBuilder, two: Vector, { low, scale, cells }: GridValues): Vector {
  const place = f64x2.mul(f64x2.sub(two, f64x2.splat(low)), f64x2.splat(scale));
  const cut = f64x2.pmax(f64x2.splat(0), f64x2.pmin(place, f64x2.splat(cells)));
  return f.let(f64x2.add(cut, f64x2.splat(2 ** 52)));
}
const cellAt = (cells: Vector, lane: number, first: Value<'i32'>): Value<'i32'> =>
  first.add(i32.wrap_i64(i64x2.extract_lane(cells, lane)));

/**
 * Eight columns of eight rows at a time, `rows` and `columns` being cut to multiples of eight. A whole line of the cache of each
 * column is done before the next, so that the other way round goes as fast.
 */
function emitTranspose(m: WasmModule): void {
  m.function(
    'transpose',
    { parameters: { from: 'i32', to: 'i32', rows: 'i32', columns: 'i32' } },
    (f, { from, to, rows, columns }) => {
      const lastRow = f.let(rows.and(-8));
      f.loop(0, lastRow, 64, (firstRow) => {
        const end = f.let(firstRow.add(64));
        f.if(end.gt_s(lastRow), () => end.set(lastRow));
        f.loop(0, columns.and(-8), 8, (column) =>
          f.loop(firstRow, end, 8, (row) => {
            const at = f.let(from.add(column.mul(rows)).add(row));
            const next = (): Vector => {
              const part = f.let(v128.load64_zero(at));
              at.set(at.add(rows));
              return part;
            };
            // Pairs of columns, then fours, then whole rows, two in a vector.
            const halves = (a: Vector, b: Vector, bytes: number): readonly [Vector, Vector] => [
              f.let(interleaved(a, b, bytes, 0)),
              f.let(interleaved(a, b, bytes, 1)),
            ];
            const pair = (a: Vector, b: Vector): Vector => f.let(interleaved(a, b, 1, 0));
            const [low, high] = halves(pair(next(), next()), pair(next(), next()), 2);
            const [otherLow, otherHigh] = halves(pair(next(), next()), pair(next(), next()), 2);
            const parts = [...halves(low, otherLow, 4), ...halves(high, otherHigh, 4)];
            const place = f.let(to.add(row.mul(columns)).add(column));
            for (const part of parts)
              for (const lane of [0, 1]) {
                f.i64.store(place, i64x2.extract_lane(part, lane));
                place.set(place.add(columns));
              }
          }),
        );
      });
    },
  );
}

type Vector = Value<'v128'>;
/** Groups of `bytes` bytes of a and b in turn, from the lower or the upper half of both. */
function interleaved(a: Vector, b: Vector, bytes: number, half: 0 | 1): Vector {
  const lanes = Array.from({ length: 16 }, (_, i) => {
    const group = Math.floor(i / bytes);
    return (group % 2) * 16 + half * 8 + Math.floor(group / 2) * bytes + (i % bytes);
  });
  return i8x16.shuffle(a, b, lanes);
}
