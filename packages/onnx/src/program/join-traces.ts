/** Traces under different lengths as one program: what is equal in all of them stands, and numbers that differ become amounts. */
import { DendriteError, type HostArray } from '@dendrite/spec';
import { type Amount, fitAmount } from './amount.ts';
import { differs } from './differs.ts';
import { joinConstant } from './join-constant.ts';
import type { AmountShape, Program, ProgramCall, ProgramOperand, ProgramValue } from './program.ts';
import type { Trace, TracedCall, TracedOperand, TracedValue } from './trace.ts';

export interface TraceSet {
  /** Under all combinations of two values a length, and others to judge by: see `fitAmount`. */
  readonly traces: readonly Trace[];
  /** Names of the lengths. */
  readonly names: readonly string[];
  /** Under the greatest lengths: looked at where it is like the others, which it need not be (a part of a table may be all of it). */
  readonly longest?: Trace;
}

/** @throws OPTION  where what is computed depends on a length by more than shapes and numbers */
export function joinTraces({ traces: tried, names, longest }: TraceSet): Program {
  const [first] = tried as readonly [Trace, ...Trace[]];
  const traces = longest !== undefined && areAlike(longest, first) ? [...tried, longest] : tried;
  const grid = traces.map(({ lengths }) => lengths);
  const values = new Map<TracedValue, ProgramValue>();
  const inputs: ProgramValue[] = [];
  const calls: ProgramCall[] = [];

  const amount = (numbers: readonly number[]): Amount => fitAmount(numbers, names, grid);
  const shape = (shapes: readonly (readonly number[])[], what: string): AmountShape => {
    const [one = []] = shapes;
    if (shapes.some(({ length }) => length !== one.length)) differs(`${what} has as many axes`, names);
    return one.map((_, axis) => amount(column(shapes, axis)));
  };
  /** Plain data of every trace, number by number. */
  const data = (given: readonly unknown[], what: string): unknown => {
    const [one] = given;
    if (typeof one === 'number') return amount(given as readonly number[]);
    if (Array.isArray(one)) {
      if (given.some((each) => (each as readonly unknown[]).length !== one.length)) differs(`${what} is longer`, names);
      return one.map((_, i) => data(column(given as readonly (readonly unknown[])[], i), what));
    }
    if (typeof one === 'object' && one !== null)
      return Object.fromEntries(
        Object.keys(one).map((key) => [
          key,
          data(
            given.map((each) => (each as Readonly<Record<string, unknown>>)[key]),
            what,
          ),
        ]),
      );
    if (given.some((each) => each !== one)) differs(`${what} is ${given.map(String).join(' or ')}`, names);
    return one;
  };

  const valueIn = (found: readonly TracedValue[], what: string): ProgramValue => {
    const [one] = found as readonly [TracedValue, ...TracedValue[]];
    if (found.some((each) => placeOf(each) !== placeOf(one))) differs(`${what} reads other values`, names);
    const known = values.get(one);
    if (known !== undefined) return known;
    const { origin, dtype } = one;
    if ('call' in origin) throw new DendriteError('BACKEND', `toOnnx(): ${what} must read what was computed before.`);
    const full = shape(
      found.map((each) => each.shape),
      what,
    );
    const made: ProgramValue = {
      dtype,
      shape: full,
      source:
        'uploaded' in origin
          ? {
              constant: joinConstant({
                parts: found.map(partOf),
                shape: full,
                fit: amount,
                fail: () => differs('data that it makes on the host are others', names),
              }),
            }
          : origin,
    };
    if ('input' in origin) inputs.push(made);
    values.set(one, made);
    return made;
  };
  const operandOf = (found: readonly TracedOperand[], what: string): ProgramOperand => ({
    value: valueIn(
      found.map(({ value }) => value),
      what,
    ),
    shape: shape(
      found.map((each) => each.shape),
      what,
    ),
  });

  for (const [i, call] of first.calls.entries()) {
    const same = traces.map((trace): TracedCall => trace.calls[i] ?? call);
    const what = `the call ${i} (${call.op})`;
    if (traces.some((trace) => trace.calls.length !== first.calls.length) || same.some((each) => !isLike(each, call)))
      differs(`other ops are run (${call.op}, call ${i} of ${first.calls.length})`, names);
    const made: ProgramCall = {
      op: call.op,
      attributes: data(
        same.map((each) => each.attributes),
        what,
      ) as ProgramCall['attributes'],
      args: shape(
        same.map((each) => each.args),
        what,
      ),
      inputs: call.inputs.map((_, k) =>
        operandOf(
          same.map((each) => each.inputs[k] as TracedOperand),
          what,
        ),
      ),
      outputs: [],
      ...(call.expressions && {
        formulas: data(
          same.map((each) => each.expressions),
          what,
        ) as NonNullable<ProgramCall['formulas']>,
      }),
    };
    const outputs = call.outputs.map((value, output): ProgramValue => {
      const shapes = same.map((each) => each.outputs[output]?.shape ?? []);
      const full: ProgramValue = { dtype: value.dtype, shape: shape(shapes, what), source: { call: made, output } };
      values.set(value, full);
      return full;
    });
    calls.push(Object.assign(made, { outputs }));
  }
  const outputs = Object.fromEntries(
    Object.keys(first.outputs).map((name) => [
      name,
      operandOf(
        traces.map((trace) => trace.outputs[name] as TracedOperand),
        `the output '${name}'`,
      ),
    ]),
  );
  return { inputs, calls, outputs };
}

/** Where a value comes from, equal for equal places of two traces. */
const placeOf = ({ origin, dtype }: TracedValue): string =>
  `${dtype} ${'input' in origin ? `input ${origin.input}` : 'held' in origin ? `held ${origin.held}` : 'uploaded' in origin ? `data ${origin.uploaded}` : `${origin.call}.${origin.output}`}`;
const areAlike = (a: Trace, b: Trace): boolean =>
  a.calls.length === b.calls.length && a.calls.every((call, i) => isLike(call, b.calls[i] as TracedCall));
const isLike = (a: TracedCall, b: TracedCall): boolean =>
  a.op === b.op &&
  a.outputs.length === b.outputs.length &&
  a.inputs.length === b.inputs.length &&
  a.inputs.every(({ value }, k) => placeOf(value) === placeOf(b.inputs[k]?.value as TracedValue));
const partOf = ({ shape, origin }: TracedValue): { readonly shape: readonly number[]; readonly data: HostArray } => ({
  shape,
  data: 'data' in origin ? origin.data : new Float32Array(0),
});
const column = <T>(rows: readonly (readonly T[])[], at: number): readonly T[] => rows.map((row) => row[at] as T);
