/** Columns of bytes, as binning/bytes.ts has them, in WebAssembly: numbers that are such, laid out in groups, and bins of them, found by counting. */
import {
  type Callable,
  constant,
  f32x4,
  f64,
  i8x16,
  i16x8,
  i32,
  i32x4,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { mostBins } from '../binning/quantile-edges.ts';
import { groupWidth } from '../workspace/workspace.ts';

/** From a column's edges to the centers of its bins, to the code of each byte, and to how often each is there. */
export const behindEdges: { readonly centers: number; readonly codes: number; readonly counts: number } = {
  centers: 8 * 256,
  codes: 16 * 256,
  counts: 17 * 256,
};

export function emitBytes(m: WasmModule): void {
  emitFromNumbers(m);
  emitGroups(m);
  const counts = emitCounts(m);
  emitBins(m, counts, emitTranslate(m));
}

/** Sixteen numbers at a time as bytes, where they are such. */
function emitFromNumbers(m: WasmModule): void {
  m.function(
    'bytes',
    { parameters: { from: 'i32', to: 'i32', count: 'i32' }, result: 'i32' },
    (f, { from, to, count }) => {
      const wrong = f.let(i32x4.splat(0));
      f.loop(0, count, 16, (i) => {
        const four = (place: number): Value<'v128'> => {
          const numbers = f.let(v128.load(from.add(i.shl(2)), 16 * place));
          const whole = f.let(i32x4.trunc_sat_f32x4_s(numbers));
          const differs = f32x4.ne(f32x4.convert_i32x4_s(whole), numbers);
          wrong.set(v128.or(wrong, v128.or(differs, v128.and(whole, i32x4.splat(-256)))));
          return whole;
        };
        const low = f.let(i16x8.narrow_i32x4_s(four(0), four(1)));
        const high = f.let(i16x8.narrow_i32x4_s(four(2), four(3)));
        f.v128.store(to.add(i), i8x16.narrow_i16x8_u(low, high));
      });
      return i32.eqz(v128.any_true(wrong));
    },
  );
}

/**
 * Rows of `width` bytes as groups of columns, `stride` bytes apart. The last group may have fewer columns: what fills it up, the next
 * row's bytes, nobody reads.
 */
function emitGroups(m: WasmModule): void {
  m.function(
    'group',
    { parameters: { from: 'i32', width: 'i32', rows: 'i32', to: 'i32', stride: 'i32' } },
    (f, { from, width, rows, to, stride }) => {
      const place = f.let(to);
      f.loop(0, width, groupWidth, (column) => {
        const at = f.let(from.add(column));
        f.loop(place, place.add(rows.mul(groupWidth)), groupWidth, (row) => {
          for (let i = 0; i < groupWidth; i += 16) f.v128.store(row, v128.load(at, i), i);
          at.set(at.add(width));
        });
        place.set(place.add(stride));
      });
    },
  );
}

/** `count` bytes, `stride` apart. */
const column = { bytes: 'i32', stride: 'i32', count: 'i32' } as const;
const withTable = { ...column, table: 'i32' } as const;
type OnColumn = Callable<typeof withTable, undefined>;

/** How often each byte is there. */
function emitCounts(m: WasmModule): OnColumn {
  // Four tables, one behind the other, take turns, so that of equal bytes none waits for the one before; then they are added up.
  return m.function('counts', { parameters: withTable }, (f, { bytes, stride, count, table: out }) => {
    const table = 4 * 256;
    const at = f.let(bytes);
    const add = (offset: number): void => {
      const place = f.let(out.add(i32.load8_u(at).shl(2)));
      f.i32.store(place, i32.load(place, offset).add(1), offset);
      at.set(at.add(stride));
    };
    f.memory.fill(out, 0, 4 * table);
    f.loop(0, count.shr_u(2), () => {
      for (let i = 0; i < 4; i++) add(table * i);
    });
    f.loop(0, count.and(3), () => add(0));
    f.loop(out, out.add(table), 16, (four) => {
      const two = (first: number): Value<'v128'> =>
        i32x4.add(v128.load(four, table * first), v128.load(four, table * (first + 1)));
      f.v128.store(four, i32x4.add(two(0), two(2)));
    });
  });
}

/** Each byte becomes what the table has for it. */
function emitTranslate(m: WasmModule): OnColumn {
  return m.function('translate', { parameters: withTable }, (f, { bytes, stride, count, table }) => {
    const at = f.let(bytes);
    const next = (): void => {
      f.i32.store8(at, i32.load8_u(table.add(i32.load8_u(at))));
      at.set(at.add(stride));
    };
    f.loop(0, count.shr_u(3), () => {
      for (let i = 0; i < 8; i++) next();
    });
    f.loop(0, count.and(7), next);
  });
}

/**
 * Bins of a column as `binsOfCounts` makes them, at `edges` and behind; gives how many edges. The bytes become codes. Of so many rows
 * that bins are made from all of them.
 */
function emitBins(m: WasmModule, counts: OnColumn, translate: OnColumn): void {
  m.function('binBytes', { parameters: { ...column, edges: 'i32' }, result: 'i32' }, (f, { edges, ...values }) => {
    const [centers, codes, countsAt] = [
      f.let(edges.add(behindEdges.centers)),
      f.let(edges.add(behindEdges.codes)),
      f.let(edges.add(behindEdges.counts)),
    ];
    f.do(counts({ ...values, table: countsAt }));
    const real = (at: Value<'i32'>, i: Value<'i32'>): Value<'f64'> => f64.load(at.add(i.shl(3)));
    const countOf = (value: Value<'i32'>): Value<'i32'> => i32.load(countsAt.add(value.shl(2)));
    // The different ones, which are the centers where they are no more than bins; edges lie between them.
    const found = f.local('i32');
    f.loop(0, 256, (value) =>
      f.if(countOf(value), () => {
        f.f64.store(centers.add(found.shl(3)), f64.convert_i32_s(value));
        found.set(found.add(1));
      }),
    );
    const edgeCount = f.local('i32');
    f.if(
      found.le_s(mostBins),
      () => {
        edgeCount.set(found.sub(1));
        f.loop(0, edgeCount, (i) =>
          f.f64.store(
            edges.add(i.shl(3)),
            real(centers, i)
              .add(real(centers, i.add(1)))
              .div(2),
          ),
        );
      },
      () => {
        // As edgesOfCounts: each of the 256 is there.
        const value = f.local('i32');
        const end = f.let(countOf(value));
        const last = f.local('i32', -1);
        f.loop(1, mostBins, (k) => {
          const at = f.let(k.mul(values.count).div_u(mostBins));
          f.while(
            () => end.lt_s(at),
            () => {
              value.set(value.add(1));
              end.set(end.add(countOf(value)));
            },
          );
          f.if(value.gt_s(last).and(value.lt_s(255)), () => {
            last.set(value);
            f.f64.store(edges.add(edgeCount.shl(3)), f64.convert_i32_s(value).add(0.5));
            edgeCount.set(edgeCount.add(1));
          });
        });
        const low = f.local('f64');
        f.f64.store(edges.add(edgeCount.shl(3)), constant('f64', 255));
        f.loop(0, edgeCount.add(1), (i) => {
          f.f64.store(centers.add(i.shl(3)), low.add(real(edges, i)).div(2));
          low.set(real(edges, i));
        });
      },
    );
    // The code of each byte: how many edges are below it. Most are their own where none is missing.
    const [code, changed] = [f.local('i32'), f.local('i32')];
    f.loop(0, 256, (value) => {
      f.while(
        () => code.lt_s(edgeCount).and(real(edges, code).lt(f64.convert_i32_s(value))),
        () => code.set(code.add(1)),
      );
      f.i32.store8(codes.add(value), code);
      changed.set(changed.or(countOf(value).ne(0).and(code.ne(value))));
    });
    f.if(changed, () => f.do(translate({ ...values, table: codes })));
    return edgeCount;
  });
}
