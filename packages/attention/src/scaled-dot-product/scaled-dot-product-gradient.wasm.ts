/**
 * The gradient of attention in blocks of up to 64 queries × 96 keys: probabilities are computed again from each query's log-sum-exp, so that
 * no scores lie in memory. Five products a block. A unit of work is a head of an example: dquery is added to by every block of keys,
 * in their order.
 * @source Dao et al. (2022), algorithm 4
 */
import { addLanes, integers, kernelModule, packPanels, tiledProduct } from '@dendrite/core/wasm-kernels';
import type { Call, WasmKernel } from '@dendrite/spec';
import { f32, f32x4, v128 } from '@dendrite/wasm-assembler';
import { expBelowOne } from '@dendrite/wasm-assembler/elementary';
import {
  allowedLanes,
  atMost,
  attentionConstants,
  attentionLengths,
  maskArguments,
  maskInput,
  maskNames,
  maskRowOf,
  scoreBlock,
  scoreRow,
  visibleKeys,
} from './attention-blocks.ts';

const maskIn = ({ inputs }: Call) => inputs[6];

export const scaledDotProductGradientWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ inputs: [query] }) => query?.dtype === 'float32',
  specialize: (call) => attentionConstants(call, maskIn(call)),
  arguments(call) {
    const { matrices, queries, keys, panels, width, blockQueries, blockKeys } = attentionLengths(call);
    const valuePanels = 32 * matrices * panels * width;
    return [queries, keys, panels, valuePanels, blockQueries, blockKeys, ...maskArguments(call, maskIn(call))];
  },
  /** Keys, and values, in panels. */
  scratch(call) {
    const { matrices, panels, width, valueWidth } = attentionLengths(call);
    return 32 * matrices * panels * (width + valueWidth) + 16;
  },
  /** Blocks of probabilities and of the scores' cotangents; of each query of a matrix, Σ dy · y. */
  threadScratch: (call) => 2 * scoreBlock + 4 * attentionLengths(call).queries,
  phases: [
    {
      entry: 'pack',
      units: (call) => attentionLengths(call).matrices * attentionLengths(call).panels,
      work: (call) => 64 * (attentionLengths(call).width + attentionLengths(call).valueWidth),
    },
    {
      entry: 'run',
      units: (call) => attentionLengths(call).matrices,
      work(call) {
        const { queries, keys, width, valueWidth } = attentionLengths(call);
        return queries * keys * (6 * width + 4 * valueWidth + 40);
      },
    },
  ],
  emit(constants, { relaxed }) {
    const m = kernelModule();
    const causal = constants.causal === true;
    const [width, values] = [Number(constants.width), Number(constants.valueWidth)];
    const parameters = {
      ...integers(['begin', 'end', 'dquery', 'dkey', 'dvalue', 'query', 'key', 'value', 'y', 'sums', 'dy']),
      ...integers(maskInput(constants)),
      ...integers(['scratch', 'own', 'queries', 'keys', 'panels', 'valuePanels']),
      ...integers(['blockQueries', 'blockKeys', 'maskRow']),
      ...integers(maskNames(Number(constants.axes))),
    };
    const packKeys = packPanels(m, 'keyPanels', width);
    const packValues = packPanels(m, 'valuePanels', values);
    /** Rows of queries times panels. */
    const scores = (name: string, length: number) =>
      tiledProduct(m, { name, relaxed, row: 4 * length, step: 4, length, b: 32, panel: 32 * length, c: scoreRow });
    const score = scores('Scores', width);
    const slope = scores('Slopes', values);
    /** A block of scores, or its transpose, times rows that lie as they are; added to what is there. */
    const spread = (name: string, row: number, step: number, length: number) =>
      tiledProduct(m, {
        ...{ name, relaxed, accumulate: true, row, step },
        ...{ b: 4 * length, panel: 32, c: 4 * length, tail: length % 8 },
      });
    const toValues = spread('ToValues', 4, scoreRow, values);
    const toKeys = spread('ToKeys', 4, scoreRow, width);
    const toQueries = spread('ToQueries', scoreRow, 4, width);

    // Scores of a row become probabilities, and their cotangents those of the scores.
    /** `open`: all keys may be seen. */
    const turnAs = (open: boolean) =>
      m.function(
        open ? 'turnOpen' : 'turn',
        {
          parameters: integers(['scores', 'slopes', 'keys', 'query', 'ahead', 'mask', 'sums', 'means']),
          exported: false,
        },
        (f, { scores, slopes, keys, query, ahead, mask, sums, means }) => {
          const site = { f, relaxed };
          const visible = open ? undefined : visibleKeys(f, causal, keys, query, ahead);
          const scale = f.hoist(f32x4.splat(Number(constants.scale)));
          const [sum, mean] = [f.let(v128.load32_splat(sums)), f.let(v128.load32_splat(means))];
          f.loop(0, keys.add(3).and(-4).shl(2), 16, (at) => {
            const [score, slope] = [f.let(scores.add(at)), f.let(slopes.add(at))];
            const weight = f.let(expBelowOne(site, f32x4.sub(f32x4.mul(v128.load(score), scale), sum)));
            if (visible) weight.set(v128.and(weight, allowedLanes(f, constants, { at: at.shr_u(2), visible, mask })));
            f.v128.store(score, weight);
            f.v128.store(slope, f32x4.mul(f32x4.mul(weight, f32x4.sub(v128.load(slope), mean)), scale));
          });
        },
      );
    const turn = turnAs(false);
    const turnOpen = constants.masked === true ? undefined : turnAs(true);
    // Σ dy · y over a row.
    const meet = m.function(
      'meet',
      { parameters: integers(['y', 'dy']), result: 'f32', exported: false },
      (f, { y, dy }) => {
        const sum = f.let(f32x4.splat(0));
        const whole = values - (values % 4);
        f.loop(0, 4 * whole, 16, (at) =>
          sum.set(f32x4.add(sum, f32x4.mul(v128.load(y.add(at)), v128.load(dy.add(at))))),
        );
        const total = f.let(addLanes(f, sum));
        f.loop(4 * whole, 4 * values, 4, (at) =>
          total.set(f32.add(total, f32.mul(f32.load(y.add(at)), f32.load(dy.add(at))))),
        );
        return total;
      },
    );
    m.function('pack', { parameters }, (f, { begin, end, key, value, scratch, valuePanels, keys: rows, panels }) => {
      f.do(packKeys({ begin, end, from: key, to: scratch, rows, panels }));
      f.do(packValues({ begin, end, from: value, to: scratch.add(valuePanels), rows, panels }));
    });
    m.function('run', { parameters }, (f, p) => {
      const slopes = f.let(p.own.add(scoreBlock));
      const means = f.let(slopes.add(scoreBlock));
      f.loop(p.begin, p.end, (matrix) => {
        const [firstQuery, firstKey] = [f.let(matrix.mul(p.queries)), f.let(matrix.mul(p.keys))];
        const panels = f.let(p.scratch.add(matrix.mul(p.panels).mul(32 * width)));
        const valuePanels = f.let(p.scratch.add(p.valuePanels).add(matrix.mul(p.panels).mul(32 * values)));
        f.memory.fill(p.dquery.add(firstQuery.mul(4 * width)), 0, p.queries.mul(4 * width));
        f.memory.fill(p.dkey.add(firstKey.mul(4 * width)), 0, p.keys.mul(4 * width));
        f.memory.fill(p.dvalue.add(firstKey.mul(4 * values)), 0, p.keys.mul(4 * values));
        f.loop(0, p.queries, (i) => {
          const at = f.let(firstQuery.add(i).mul(4 * values));
          f.f32.store(means.add(i.shl(2)), meet({ y: p.y.add(at), dy: p.dy.add(at) }));
        });
        const key = f.local('i32');
        const blocksOfKeys = (): void => {
          const keys = atMost(f, p.keys.sub(key), p.blockKeys);
          const ahead = f.let(p.keys.sub(p.queries).sub(key));
          const of = (base: typeof key, by: number) => f.let(base.add(firstKey.add(key).mul(4 * by)));
          const [keyRows, dkey, dvalue] = [of(p.key, width), of(p.dkey, width), of(p.dvalue, values)] as const;
          const [keyPanels, valueColumns] = [panels.add(key.mul(4 * width)), valuePanels.add(key.mul(4 * values))];
          const panelCount = f.let(keys.add(7).shr_u(3));
          const first = f.local('i32');
          const blocksOfQueries = (): void => {
            const rows = atMost(f, p.queries.sub(first), p.blockQueries);
            const row = f.let(firstQuery.add(first));
            const at = (base: typeof key, by: number) => f.let(base.add(row.mul(4 * by)));
            const [query, dquery, dy] = [at(p.query, width), at(p.dquery, width), at(p.dy, values)] as const;
            const block = (): void => {
              f.do(score({ a: query, b: keyPanels, c: p.own, rows, panels: panelCount, length: width }));
              f.do(slope({ a: dy, b: valueColumns, c: slopes, rows, panels: panelCount, length: values }));
              const mask = maskRowOf(f, p, constants, { matrix, query: first });
              const each = (turn: ReturnType<typeof turnAs>): void =>
                f.loop(0, rows, (i) => {
                  const line = i.mul(scoreRow);
                  f.do(
                    turn({
                      ...{ scores: p.own.add(line), slopes: slopes.add(line), keys, query: first.add(i), ahead },
                      mask: mask ? mask.add(i.mul(p.maskRow)).add(constants.perKey === true ? key : 0) : 0,
                      ...{ sums: p.sums.add(row.add(i).shl(2)), means: means.add(first.add(i).shl(2)) },
                    }),
                  );
                });
              if (!turnOpen) each(turn);
              else if (causal)
                f.if(
                  first.add(ahead).ge_s(keys.sub(1)),
                  () => each(turnOpen),
                  () => each(turn),
                );
              else each(turnOpen);
              const [wide, high] = [Math.floor(width / 8), Math.floor(values / 8)];
              f.do(toValues({ a: p.own, b: dy, c: dvalue, rows: keys, panels: high, length: rows }));
              f.do(toKeys({ a: slopes, b: query, c: dkey, rows: keys, panels: wide, length: rows }));
              f.do(toQueries({ a: slopes, b: keyRows, c: dquery, rows, panels: wide, length: keys }));
            };
            // Queries that stand before all of these keys see none of them.
            if (causal) f.if(first.add(rows).add(ahead).gt_s(0), block);
            else block();
            first.set(first.add(p.blockQueries));
          };
          f.while(() => first.lt_s(p.queries), blocksOfQueries);
          key.set(key.add(p.blockKeys));
        };
        f.while(() => key.lt_s(p.keys), blocksOfKeys);
      });
    });
    return m.toBytes();
  },
};
