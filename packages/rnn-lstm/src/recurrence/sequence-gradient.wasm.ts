/**
 * Back through a whole sequence in one call: a few rows go through all steps, last one first. The recurrent weights are packed turned;
 * a step is one pass of the cell's formulas and one product, which adds what comes through the gates to the hidden state's cotangent.
 * The weights' own gradient is a product over all steps, behind this kernel.
 */
import {
  integers,
  kernelModule,
  numbered,
  packWidePanel,
  widePanelBytes,
  widePanelCount,
  wideProduct,
} from '@dendrite/core/wasm-kernels';
import type { Call, WasmKernel } from '@dendrite/spec';
import { f32x4, select, v128 } from '@dendrite/wasm-assembler';
import type { CellRule } from './cell-rule.ts';
import { formulaLanes } from './formula-lanes.ts';
import {
  chosen,
  eachLanes,
  inputsFrom,
  rowsOfUnit,
  type SequenceLengths,
  sequenceArguments,
  sequenceConstants,
  several,
  store,
  takesPlace,
  unitRows,
  unitsOf,
  zeros,
} from './sequence-kernel.ts';

const lengthsOf = ({ inputs: [dy] }: Call): SequenceLengths => {
  const [batch = 0, time = 0, units = 0] = dy?.shape ?? [];
  return { batch, time, units };
};

/** Inputs as of the gradient op; outputs the cotangents of projected `[B, T, G·H]`, of the products `[T, B, G·H]`, of the states. */
export function sequenceGradientWasmKernel(rule: CellRule): WasmKernel {
  const { gates, states, kept } = rule;
  const keptInputs = kept > 0 ? 1 : 0;
  const fewestInputs = 2 + 3 * states + keptInputs;
  return {
    language: 'wasm',
    accepts: ({ inputs: [dy] }) => dy?.dtype === 'float32',
    specialize: (call) => sequenceConstants(call, lengthsOf(call).units, call.inputs.length > fewestInputs),
    arguments: (call) => sequenceArguments(lengthsOf(call)),
    scratch: (call) => widePanelBytes(lengthsOf(call).units, gates * lengthsOf(call).units),
    phases: [
      { entry: 'pack', units: (call) => widePanelCount(lengthsOf(call).units) },
      {
        entry: 'run',
        units: (call) => unitsOf(lengthsOf(call)),
        work(call) {
          const { batch, time, units } = lengthsOf(call);
          return unitRows(batch) * time * gates * units * (2 * units + 30);
        },
      },
    ],
    emit(constants, { relaxed }) {
      const units = Number(constants.units);
      const width = gates * units;
      const row = 4 * units;
      const m = kernelModule();
      const parameters = {
        ...integers(['begin', 'end', 'dprojected', 'dproducts']),
        ...several('dstate', states),
        ...integers(['dy']),
        ...several('given', states),
        ...integers(['recurrent']),
        ...several('initial', states),
        ...several('kept', keptInputs),
        ...several('after', states),
        ...several('lengths', constants.ragged === true ? 1 : 0),
        ...integers(['scratch', 'batch', 'time', 'rows']),
      };
      const through = wideProduct(m, {
        ...{ name: 'Through', relaxed, columns: units, length: width, row: 4 * width, c: row },
        accumulate: true,
      });
      m.function('pack', { parameters }, (f, { begin, end, recurrent, scratch }) => {
        f.loop(begin, end, (unit) =>
          packWidePanel(f, { unit, from: recurrent, to: scratch, rows: width, columns: units, turned: true }),
        );
      });
      m.function('run', { parameters }, (f, p) => {
        const named = (name: string) => numbered(p, name, states);
        const [dstates, given, initial, after] = [named('dstate'), named('given'), named('initial'), named('after')];
        const [[keptAt], [lengths]] = [
          numbered(p, 'kept', keptInputs),
          numbered(p, 'lengths', constants.ragged === true ? 1 : 0),
        ];
        const part = f.let(p.batch.mul(row));
        f.loop(p.begin, p.end, (unit) => {
          const { first, count } = rowsOfUnit(f, unit, p);
          const start = f.let(first.mul(row));
          // The states' cotangents, in their outputs, hold what is carried from step to step.
          for (const [s, to] of dstates.entries())
            f.memory.copy(to.add(start), (given[s] ?? to).add(start), count.mul(row));
          f.loop(0, p.time, (done) => {
            const step = f.let(p.time.sub(1).sub(done));
            const time = f.let(constants.reverse === true ? done : step);
            // Where the states before this step lie: in those after the one before it.
            const earlier = constants.reverse === true ? time.add(1) : time.sub(1);
            f.loop(0, count, (i) => {
              const example = f.let(first.add(i));
              const inTime = f.let(time.mul(p.batch).add(example)); // [T, B]
              const inExample = f.let(example.mul(p.time).add(time)); // [B, T]
              const mask = lengths && takesPlace(f, lengths, example, time);
              const dprojected = f.let(p.dprojected.add(inExample.mul(4 * width)));
              const dproducts = f.let(p.dproducts.add(inTime.mul(4 * width)));
              const dy = f.let(p.dy.add(inExample.mul(row)));
              const carried = dstates.map((each) => f.let(each.add(example.mul(row))));
              const afterAt = after.map((each) => f.let(each.add(inTime.mul(row))));
              const beforeAt = after.map((each, s) =>
                f.let(
                  select(
                    step.eqz(),
                    (initial[s] ?? each).add(example.mul(row)),
                    each.add(earlier.mul(p.batch).add(example).mul(row)),
                  ),
                ),
              );
              const kepts = keptAt && f.let(keptAt.add(time.mul(kept).mul(p.batch).add(example).mul(row)));
              eachLanes(f, units, (at, lanes) => {
                const load = (base: typeof dy) => f.let(v128.load(base.add(at)));
                const place = kepts && f.let(kepts);
                const keptLanes = Array.from({ length: kept }, () => {
                  const value = load(place ?? dy);
                  place?.set(place.add(part));
                  return value;
                });
                const cotangents = carried.map(load);
                const [hidden = zeros(f), ...rest] = cotangents;
                const inputs = [
                  ...keptLanes,
                  ...beforeAt.map(load),
                  ...afterAt.map(load),
                  ...[f.let(f32x4.add(hidden, load(dy))), ...rest],
                ];
                const lower = formulaLanes({ f, relaxed }, inputs);
                const back = rule.back(
                  {
                    kept: inputsFrom(0, kept),
                    before: inputsFrom(kept, states),
                    after: inputsFrom(kept + states, states),
                    cotangents: inputsFrom(kept + 2 * states, states),
                  },
                  constants,
                );
                const put = (to: typeof dy, each: ReturnType<typeof lower>, g: number): void =>
                  store(f, to.add(at), chosen(mask, each, zeros(f)), lanes, g * row);
                const projected = back.projected.map(lower);
                const products = back.product?.map(lower) ?? projected;
                const before = back.states.map((each) => (each ? lower(each) : zeros(f)));
                for (const [g, each] of projected.entries()) put(dprojected, each, g);
                for (const [g, each] of products.entries()) put(dproducts, each, g);
                for (const [s, each] of before.entries())
                  store(f, (carried[s] ?? dy).add(at), chosen(mask, each, cotangents[s] ?? each), lanes);
              });
            });
            const a = p.dproducts.add(
              time
                .mul(p.batch)
                .add(first)
                .mul(4 * width),
            );
            const c = (dstates[0] ?? p.dy).add(start);
            f.do(through({ a, b: p.scratch, c, rows: count }));
          });
        });
      });
      return m.toBytes();
    },
  };
}
