/**
 * A whole sequence in one call: a few rows go through all steps, so that their states stay in the nearest cache. The recurrent weights
 * are packed into panels once; a step is one product over all gates and one pass of the cell's formulas, which writes the states, the
 * outputs and what the gradient needs.
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
import { f32x4, v128 } from '@dendrite/wasm-assembler';
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

const lengthsOf = ({ inputs: [projected, recurrent] }: Call): SequenceLengths => ({
  batch: projected?.shape[0] ?? 0,
  time: projected?.shape[1] ?? 0,
  units: recurrent?.shape[0] ?? 0,
});

export function sequenceWasmKernel(rule: CellRule): WasmKernel {
  const { gates, states, kept, recurrentBias } = rule;
  const fewestInputs = (recurrentBias ? 3 : 2) + states;
  return {
    language: 'wasm',
    accepts: ({ inputs: [projected] }) => projected?.dtype === 'float32',
    specialize: (call) => sequenceConstants(call, lengthsOf(call).units, call.inputs.length > fewestInputs),
    arguments: (call) => sequenceArguments(lengthsOf(call)),
    scratch: (call) => widePanelBytes(gates * lengthsOf(call).units, lengthsOf(call).units),
    /** The products of the rows of a unit. */
    threadScratch: (call) => 4 * unitRows(lengthsOf(call).batch) * gates * lengthsOf(call).units + 16,
    phases: [
      { entry: 'pack', units: (call) => widePanelCount(gates * lengthsOf(call).units) },
      {
        entry: 'run',
        units: (call) => unitsOf(lengthsOf(call)),
        work(call) {
          const { batch, time, units } = lengthsOf(call);
          return unitRows(batch) * time * gates * units * (2 * units + 60);
        },
      },
    ],
    emit(constants, { relaxed }) {
      const units = Number(constants.units);
      const width = gates * units;
      const row = 4 * units;
      const m = kernelModule();
      const parameters = {
        ...integers(['begin', 'end', 'y']),
        ...several('state', states),
        ...several('kept', kept > 0 ? 1 : 0),
        ...several('after', states),
        ...integers(['projected', 'recurrent']),
        ...several('bias', recurrentBias ? 1 : 0),
        ...several('initial', states),
        ...several('lengths', constants.ragged === true ? 1 : 0),
        ...integers(['scratch', 'own', 'batch', 'time', 'rows']),
      };
      const gatesOf = wideProduct(m, {
        ...{ name: 'Gates', relaxed, columns: width, length: units, row, c: 4 * width },
      });
      m.function('pack', { parameters }, (f, { begin, end, recurrent, scratch }) => {
        f.loop(begin, end, (unit) =>
          packWidePanel(f, { unit, from: recurrent, to: scratch, rows: units, columns: width, turned: false }),
        );
      });
      m.function('run', { parameters }, (f, p) => {
        const [stateAt, initial, after] = ['state', 'initial', 'after'].map((name) => numbered(p, name, states));
        const [[keptAt], [bias], [lengths]] = [
          numbered(p, 'kept', kept > 0 ? 1 : 0),
          numbered(p, 'bias', recurrentBias ? 1 : 0),
          numbered(p, 'lengths', constants.ragged === true ? 1 : 0),
        ];
        if (!stateAt || !initial || !after) return;
        const part = f.let(p.batch.mul(row));
        f.loop(p.begin, p.end, (unit) => {
          const { first, count } = rowsOfUnit(f, unit, p);
          const start = f.let(first.mul(row));
          // The states' outputs hold what is carried from step to step.
          for (const [s, to] of stateAt.entries())
            f.memory.copy(to.add(start), (initial[s] ?? to).add(start), count.mul(row));
          f.loop(0, p.time, (step) => {
            const time = f.let(constants.reverse === true ? p.time.sub(1).sub(step) : step);
            const a = (stateAt[0] ?? p.y).add(start);
            f.do(gatesOf({ a, b: p.scratch, c: p.own, rows: count }));
            f.loop(0, count, (i) => {
              const example = f.let(first.add(i));
              const inTime = f.let(time.mul(p.batch).add(example).mul(row)); // [T, B, H]
              const inExample = f.let(example.mul(p.time).add(time)); // [B, T]
              const projected = f.let(p.projected.add(inExample.mul(4 * width)));
              const products = f.let(p.own.add(i.mul(4 * width)));
              const y = f.let(p.y.add(inExample.mul(row)));
              const carried = stateAt.map((each) => f.let(each.add(example.mul(row))));
              const kepts = keptAt && f.let(keptAt.add(time.mul(kept).mul(p.batch).add(example).mul(row)));
              const mask = lengths && takesPlace(f, lengths, example, time);
              eachLanes(f, units, (at, lanes) => {
                const parts = (base: typeof y) =>
                  Array.from({ length: gates }, (_, g) => v128.load(base.add(at), g * row));
                const product = parts(products);
                const before = carried.map((each) => f.let(v128.load(each.add(at))));
                const given = [
                  ...parts(projected),
                  ...(bias ? parts(bias).map((each, g) => f32x4.add(product[g] ?? each, each)) : product),
                ].map((each) => f.let(each));
                const lower = formulaLanes({ f, relaxed }, [...given, ...before]);
                const next = rule.step(
                  {
                    projected: inputsFrom(0, gates),
                    product: inputsFrom(gates, gates),
                    states: inputsFrom(2 * gates, states),
                  },
                  constants,
                );
                const made = next.states.map(lower);
                const place = kepts && f.let(kepts.add(at));
                for (const each of next.kept.map(lower)) {
                  if (!place) continue;
                  store(f, place, each, lanes);
                  place.set(place.add(part));
                }
                for (const [s, each] of made.entries()) {
                  const value = f.let(chosen(mask, each, before[s] ?? each));
                  store(f, (carried[s] ?? y).add(at), value, lanes);
                  store(f, (after[s] ?? y).add(inTime).add(at), value, lanes);
                }
                const [hidden = zeros(f)] = made;
                store(f, y.add(at), chosen(mask, hidden, zeros(f)), lanes);
              });
            });
          });
        });
      });
      return m.toBytes();
    },
  };
}
