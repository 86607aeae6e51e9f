/**
 * Attention in blocks of up to 64 queries × 96 keys, so that no scores lie in memory: each row keeps the maximum and the sum of what it has
 * seen, and its output is scaled anew where the maximum grows. Keys are turned into panels once. A unit of work is a block of queries.
 * @source Milakov and Gimelshein (2018), online softmax; Dao et al. (2022), attention in blocks
 */
import { addLanes, integers, kernelModule, packPanels, storeLanes, tiledProduct } from '@dendrite/core/wasm-kernels';
import type { Call, WasmKernel } from '@dendrite/spec';
import { type FunctionBuilder, f32, f32x4, i32x4, type Value, v128 } from '@dendrite/wasm-assembler';
import { expBelowOne, log } from '@dendrite/wasm-assembler/elementary';
import {
  allowedLanes,
  atMost,
  attentionConstants,
  attentionLengths,
  lanesBefore,
  maskArguments,
  maskInput,
  maskNames,
  maskRowOf,
  scoreBlock,
  scoreRow,
  unseenLanes,
  visibleKeys,
} from './attention-blocks.ts';

type Int = Value<'i32'>;

const maskIn = ({ inputs }: Call) => inputs[3];

export const scaledDotProductWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ inputs: [query] }) => query?.dtype === 'float32',
  specialize: (call) => attentionConstants(call, maskIn(call)),
  arguments(call) {
    const { queries, keys, panels, blocks, blockQueries, blockKeys } = attentionLengths(call);
    return [queries, keys, panels, blocks, blockQueries, blockKeys, ...maskArguments(call, maskIn(call))];
  },
  scratch(call) {
    const { matrices, panels, width } = attentionLengths(call);
    return 32 * matrices * panels * width + 16;
  },
  /** A block of scores, and of each row what it has seen: maximum and sum. */
  threadScratch: (call) => scoreBlock + 8 * attentionLengths(call).blockQueries,
  phases: [
    {
      entry: 'pack',
      units: (call) => attentionLengths(call).matrices * attentionLengths(call).panels,
      work: (call) => 64 * attentionLengths(call).width,
    },
    {
      entry: 'run',
      units: (call) => attentionLengths(call).matrices * attentionLengths(call).blocks,
      work(call) {
        const { keys, width, valueWidth, blockQueries } = attentionLengths(call);
        return blockQueries * keys * (2 * (width + valueWidth) + 40);
      },
    },
  ],
  emit(constants, { relaxed }) {
    const m = kernelModule();
    const [width, values, scale] = [constants.width, constants.valueWidth, constants.scale].map(Number) as [
      number,
      number,
      number,
    ];
    const causal = constants.causal === true;
    const parameters = {
      ...integers(['begin', 'end', 'y', 'sums', 'query', 'key', 'value']),
      ...integers(maskInput(constants)),
      ...integers(['scratch', 'own', 'queries', 'keys', 'panels', 'blocks']),
      ...integers(['blockQueries', 'blockKeys', 'maskRow']),
      ...integers(maskNames(Number(constants.axes))),
    };
    const pack = packPanels(m, 'panels', width);
    const score = tiledProduct(m, {
      ...{ name: 'Scores', relaxed, row: 4 * width, step: 4, length: width },
      ...{ b: 32, panel: 32 * width, c: scoreRow },
    });
    const weigh = tiledProduct(m, {
      ...{ name: 'Values', relaxed, accumulate: true, row: scoreRow, step: 4 },
      ...{ b: 4 * values, panel: 32, c: 4 * values, tail: values % 8 },
    });
    /** `y = factor · y` for a row of the output. */
    const scaleRow = (f: FunctionBuilder, y: Int, factor: Value<'v128'>): void => {
      const whole = values - (values % 4);
      f.loop(0, 4 * whole, 16, (at) => {
        const place = f.let(y.add(at));
        f.v128.store(place, f32x4.mul(v128.load(place), factor));
      });
      if (values > whole) {
        const place = f.let(y.add(4 * whole));
        storeLanes(f, place, f.let(f32x4.mul(v128.load(place), factor)), values - whole);
      }
    };
    /**
     * Scores of a row become weights; what the row has seen, and its output, follow the new maximum. `open`: all keys may be seen, and
     * they are whole eights.
     */
    const softenAs = (open: boolean) =>
      m.function(
        open ? 'softenOpen' : 'soften',
        { parameters: integers(['scores', 'keys', 'query', 'ahead', 'mask', 'seen', 'y']), exported: false },
        (f, { scores, keys, query, ahead, mask, seen, y }) => {
          const site = { f, relaxed };
          const visible = open ? undefined : visibleKeys(f, causal, keys, query, ahead);
          const unseen = unseenLanes(f);
          const lowest = f.hoist(f32x4.splat(Number.NEGATIVE_INFINITY));
          const tops = [f.let(lowest), f.let(lowest)] as const;
          const all = f.let(i32x4.splat(keys));
          const end = f.let(keys.add(7).and(-8).shl(2));
          const scoreAt = (place: Int, offset: number): Value<'v128'> =>
            f32x4.mul(v128.load(place, offset), f.hoist(f32x4.splat(scale)));
          f.loop(0, end, 32, (start) => {
            const place = f.let(scores.add(start));
            for (const [v, top] of tops.entries()) {
              if (!visible) {
                top.set(f32x4.pmax(top, scoreAt(place, 16 * v)));
                continue;
              }
              const at = f.let(start.shr_u(2).add(4 * v));
              const allowed = allowedLanes(f, constants, { at, visible, mask });
              const value = f.let(v128.bitselect(scoreAt(place, 16 * v), unseen, allowed));
              f.v128.store(place, value, 16 * v);
              // Lanes behind the last key are no scores at all.
              top.set(f32x4.pmax(top, v128.bitselect(value, lowest, lanesBefore(f, at, all))));
            }
          });
          const top = f.let(f32x4.pmax(...tops));
          const lane = (i: number): Value<'f32'> => f32x4.extract_lane(top, i);
          const before = f.let(f32.load(seen));
          const most = f.let(f32.max(before, f32.max(f32.max(lane(0), lane(1)), f32.max(lane(2), lane(3)))));
          const kept = f.let(expBelowOne(site, f.let(f32x4.splat(f32.sub(before, most)))));
          const apart = f.let(f32x4.splat(most));
          const sums = [f.let(f32x4.splat(0)), f.let(f32x4.splat(0))] as const;
          f.loop(0, end, 32, (start) => {
            const place = f.let(scores.add(start));
            for (const [v, sum] of sums.entries()) {
              const value = f.let(open ? scoreAt(place, 16 * v) : v128.load(place, 16 * v));
              const weight = f.let(expBelowOne(site, f32x4.sub(value, apart)));
              // A row that sees nothing has a maximum of −1e30, and weights of 0 all the same.
              if (!open) weight.set(v128.and(weight, f32x4.ne(value, unseen)));
              f.v128.store(place, weight, 16 * v);
              sum.set(f32x4.add(sum, weight));
            }
          });
          const sum = f32x4.add(...sums);
          const factor = f.let(f32x4.extract_lane(kept, 0));
          f.f32.store(seen, most);
          f.f32.store(seen, f32.add(f32.mul(f32.load(seen, 4), factor), addLanes(f, sum)), 4);
          // Before the first block the output is 0.
          const isFirst = f32.eq(before, Number.NEGATIVE_INFINITY);
          f.if(f32.ne(factor, 1).and(isFirst.eqz()), () => scaleRow(f, y, kept));
        },
      );
    const soften = softenAs(false);
    const softenOpen = constants.masked === true ? undefined : softenAs(true);
    const finish = m.function(
      'finish',
      { parameters: integers(['seen', 'y', 'sums']), exported: false },
      (f, { seen, y, sums }) => {
        const site = { f, relaxed };
        const sum = f.let(f32.load(seen, 4));
        f.if(
          f32.eq(sum, 0),
          () => f.f32.store(sums, f32x4.extract_lane(unseenLanes(f), 0)),
          () => {
            scaleRow(f, y, f.let(f32x4.splat(f32.div(1, sum))));
            const logarithm = f32x4.extract_lane(log(site, f.let(f32x4.splat(sum))), 0);
            f.f32.store(sums, f32.add(f32.load(seen), logarithm));
          },
        );
      },
    );
    m.function('pack', { parameters }, (f, p) => {
      f.do(pack({ begin: p.begin, end: p.end, from: p.key, to: p.scratch, rows: p.keys, panels: p.panels }));
    });
    m.function('run', { parameters }, (f, p) => {
      const seenAt = f.let(p.own.add(scoreBlock));
      f.loop(p.begin, p.end, (unit) => {
        const matrix = f.let(unit.div_u(p.blocks));
        const first = f.let(unit.sub(matrix.mul(p.blocks)).mul(p.blockQueries));
        const rows = atMost(f, p.queries.sub(first), p.blockQueries);
        const row = f.let(matrix.mul(p.queries).add(first));
        const query = f.let(p.query.add(row.mul(4 * width)));
        const y = f.let(p.y.add(row.mul(4 * values)));
        const panels = f.let(p.scratch.add(matrix.mul(p.panels).mul(32 * width)));
        const value = f.let(p.value.add(matrix.mul(p.keys).mul(4 * values)));
        const mask = maskRowOf(f, p, constants, { matrix, query: first });
        f.memory.fill(y, 0, rows.mul(4 * values));
        f.loop(0, rows, (i) => {
          const seen = f.let(seenAt.add(i.shl(3)));
          f.f32.store(seen, Number.NEGATIVE_INFINITY);
          f.f32.store(seen, 0, 4);
        });
        // Behind the last query's own place there is nothing to see.
        const reach = f.let(p.keys);
        if (causal) {
          const last = f.let(first.add(rows).add(p.keys).sub(p.queries));
          f.if(last.lt_s(reach), () => reach.set(last));
        }
        const key = f.local('i32');
        const block = (): void => {
          const keys = atMost(f, reach.sub(key), p.blockKeys);
          const b = panels.add(key.mul(4 * width));
          f.do(score({ a: query, b, c: p.own, rows, panels: keys.add(7).shr_u(3), length: width }));
          const ahead = f.let(p.keys.sub(p.queries).sub(key));
          const each = (turn: typeof soften): void =>
            f.loop(0, rows, (i) =>
              f.do(
                turn({
                  ...{ scores: p.own.add(i.mul(scoreRow)), keys, query: first.add(i), ahead },
                  mask: mask ? mask.add(i.mul(p.maskRow)).add(constants.perKey === true ? key : 0) : 0,
                  ...{ seen: seenAt.add(i.shl(3)), y: y.add(i.mul(4 * values)) },
                }),
              ),
            );
          if (softenOpen) {
            const whole = keys.and(7).eqz();
            const open = causal ? whole.and(first.add(ahead).ge_s(keys.sub(1))) : whole;
            f.if(
              open,
              () => each(softenOpen),
              () => each(soften),
            );
          } else each(soften);
          const v = value.add(key.mul(4 * values));
          f.do(weigh({ a: p.own, b: v, c: y, rows, panels: Math.floor(values / 8), length: keys }));
          key.set(key.add(p.blockKeys));
        };
        f.while(() => key.lt_s(reach), block);
        f.loop(0, rows, (i) => {
          const sums = p.sums.add(row.add(i).shl(2));
          f.do(finish({ seen: seenAt.add(i.shl(3)), y: y.add(i.mul(4 * values)), sums }));
        });
      });
    });
    return m.toBytes();
  },
};
