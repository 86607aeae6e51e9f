/** Normalisation of rows and its gradient: a row stays in the cache for all its passes. */
import { integers, isFloat32, kernelModule, rowPasses } from '@dendrite/core/wasm-kernels';
import type { Call, WasmKernel } from '@dendrite/spec';
import { f32, f32x4, f64, type Local, type Value, v128 } from '@dendrite/wasm-assembler';
import { blockRows, blocksOf, joinBlocks, rowsOfBlock, storeAt } from './row-blocks.ts';

type Int = Value<'i32'>;
const sizes = ({ inputs: [x] }: Call): readonly [rows: number, width: number] => [x?.shape[0] ?? 0, x?.shape[1] ?? 1];

const onlyIf = <N extends string>(there: boolean, name: N): readonly N[] => (there ? [name] : []);

/** A unit of work is a row. `centred`: its mean is taken off first; otherwise there is no mean, and no offset. */
const rowsKernel = (centred: boolean): WasmKernel => ({
  language: 'wasm',
  accepts: isFloat32,
  specialize: (call) => ({ rest: sizes(call)[1] % 4, epsilon: Number(call.attributes.epsilon) }),
  arguments: (call) => [sizes(call)[1]],
  phases: [{ entry: 'run', units: (call) => sizes(call)[0], work: (call) => 10 * sizes(call)[1] }],
  emit({ rest, epsilon }) {
    const m = kernelModule();
    const parameters = {
      ...integers(['begin', 'end', 'y', ...onlyIf(centred, 'mean')]),
      ...integers(['variance', 'x', 'scale', ...onlyIf(centred, 'offset'), 'scratch', 'width']),
    };
    m.function('run', { parameters }, (f, p) => {
      const { sum, store } = rowPasses(f, p.width, Number(rest));
      const count = f.let(f64.convert_i32_s(p.width));
      f.loop(p.begin, p.end, (row) => {
        const start = f.let(row.mul(p.width).shl(2));
        const from = f.let(p.x.add(start));
        const to = f.let(p.y.add(start));
        const average = (total: Value<'f64'>): Local<'f32'> => f.let(f32.demote_f64(f64.div(total, count)));
        const mean = centred ? average(sum((at) => v128.load(from.add(at)))) : undefined;
        const means = mean && f.let(f32x4.splat(mean));
        const value = (at: Int): Value<'v128'> => {
          const each = v128.load(from.add(at));
          return f.let(means ? f32x4.sub(each, means) : each);
        };
        const variance = average(
          sum((at) => {
            const each = value(at);
            return f32x4.mul(each, each);
          }),
        );
        if (mean) f.f32.store(p.mean.add(row.shl(2)), mean);
        f.f32.store(p.variance.add(row.shl(2)), variance);
        const root = f.let(f32x4.splat(f32.div(1, f32.sqrt(f32.add(variance, Number(epsilon))))));
        store(to, (at) => {
          const scaled = f32x4.mul(f32x4.mul(value(at), root), v128.load(p.scale.add(at)));
          return centred ? f32x4.add(scaled, v128.load(p.offset.add(at))) : scaled;
        });
      });
    });
    return m.toBytes();
  },
});
export const normaliseRowsWasmKernel: WasmKernel = rowsKernel(true);
export const normalisePowerWasmKernel: WasmKernel = rowsKernel(false);

/** A unit of work is a block of rows, which leaves its sums over rows in scratch, scale's and then offset's. */
const rowsGradientKernel = (centred: boolean): WasmKernel => ({
  language: 'wasm',
  accepts: isFloat32,
  specialize: (call) => ({ width: sizes(call)[1], epsilon: Number(call.attributes.epsilon) }),
  arguments(call) {
    const [rows] = sizes(call);
    return [rows, blockRows(rows), blocksOf(rows)];
  },
  scratch: (call) => blocksOf(sizes(call)[0]) * 8 * sizes(call)[1] + 16,
  phases: [
    {
      entry: 'run',
      units: (call) => blocksOf(sizes(call)[0]),
      work: (call) => 20 * sizes(call)[1] * blockRows(sizes(call)[0]),
    },
    { entry: 'join', units: () => 1 },
  ],
  emit(constants) {
    const width = Number(constants.width);
    const m = kernelModule();
    const parameters = {
      ...integers([
        'begin',
        'end',
        'dx',
        'dScale',
        ...onlyIf(centred, 'dOffset'),
        'x',
        'scale',
        ...onlyIf(centred, 'mean'),
      ]),
      ...integers(['variance', 'dy', 'scratch', 'rows', 'height', 'blocks']),
    };
    m.function('run', { parameters }, (f, p) => {
      const { sum, pass } = rowPasses(f, f.local('i32', width), width % 4);
      f.loop(p.begin, p.end, (unit) => {
        const { from, to } = rowsOfBlock(f, unit, p.height, p.rows);
        const scaleSums = f.let(p.scratch.add(unit.mul(8 * width)));
        const offsetSums = f.let(scaleSums.add(4 * width));
        f.memory.fill(scaleSums, 0, 8 * width);
        f.loop(from, to, (row) => {
          const start = f.let(row.mul(4 * width));
          const [x, dy, dx] = [f.let(p.x.add(start)), f.let(p.dy.add(start)), f.let(p.dx.add(start))] as const;
          const mean = centred ? f.let(v128.load32_splat(p.mean.add(row.shl(2)))) : undefined;
          const variance = f32.load(p.variance.add(row.shl(2)));
          const root = f.let(f32x4.splat(f32.div(1, f32.sqrt(f32.add(variance, Number(constants.epsilon))))));
          const standard = (at: Int): Value<'v128'> => {
            const value = v128.load(x.add(at));
            return f32x4.mul(mean ? f32x4.sub(value, mean) : value, root);
          };
          const scaled = (at: Int): Value<'v128'> => f32x4.mul(v128.load(dy.add(at)), v128.load(p.scale.add(at)));
          const average = (total: Value<'f64'>): Value<'v128'> =>
            f.let(f32x4.splat(f32.demote_f64(f64.div(total, width))));
          const level = centred ? average(sum(scaled)) : undefined;
          const slope = average(sum((at) => f32x4.mul(scaled(at), standard(at))));
          pass((at, lanes) => {
            const each = f.let(standard(at));
            const given = f.let(v128.load(dy.add(at)));
            const own = f32x4.mul(given, v128.load(p.scale.add(at)));
            const step = f32x4.sub(level ? f32x4.sub(own, level) : own, f32x4.mul(each, slope));
            storeAt(f, dx.add(at), f32x4.mul(root, step), lanes);
            for (const [base, value] of [
              [scaleSums, f32x4.mul(given, each)],
              ...(centred ? ([[offsetSums, given]] as const) : []),
            ] as const) {
              const place = f.let(base.add(at));
              storeAt(f, place, f32x4.add(v128.load(place), value), lanes);
            }
          });
        });
      });
    });
    m.function('join', { parameters }, (f, p) => {
      const common = { count: p.blocks, step: 8 * width, width };
      joinBlocks(f, { from: p.scratch, ...common }, (at, sum, lanes) => storeAt(f, p.dScale.add(at), sum, lanes));
      if (!centred) return;
      const second = f.let(p.scratch.add(4 * width));
      joinBlocks(f, { from: second, ...common }, (at, sum, lanes) => storeAt(f, p.dOffset.add(at), sum, lanes));
    });
    return m.toBytes();
  },
});
export const normaliseRowsGradientWasmKernel: WasmKernel = rowsGradientKernel(true);
export const normalisePowerGradientWasmKernel: WasmKernel = rowsGradientKernel(false);
