/**
 * Expressions on the CPU, without generated code (a page's security policy may forbid it): the formula becomes a list of
 * instructions, each run over a block of elements at a time, so that blocks stay in the nearest cache. Every intermediate is
 * stored in its dtype, hence rounded to it; a fused formula has the bits of its parts.
 */
import {
  type Call,
  DendriteError,
  type DType,
  type Expression,
  type HostArray,
  type JsRoutine,
  type TensorSpec,
} from '@dendrite/spec';
import { contentKey } from '../engine/content-key.ts';
import { emptyHostArray } from '../engine/host-array.ts';
import { expressionDtype } from '../ops/expression/expression-dtype.ts';
import { broadcastStrides, sizeOf } from '../ops/strides.ts';
import { BroadcastReader } from './broadcast-reader.ts';
import { type Loop, type Loop1, type Loop2, type Loop3, type Loop4, loopFor, whereLess } from './loops.ts';

const block = 512;

/** Where an operand's block is: a register, a dense input read in place, or the output itself. */
type Place = { readonly register: number } | { readonly dense: number } | { readonly output: number };
interface Instruction {
  readonly loop: Loop;
  readonly from: readonly Place[];
  readonly to: Place;
}
interface Program {
  readonly instructions: readonly Instruction[];
  readonly registers: readonly HostArray[];
  /** Registers that hold one number throughout: from an argument or a one-element input. */
  readonly scalars: readonly { readonly register: number; readonly argument?: number; readonly input?: number }[];
  readonly readers: readonly { readonly register: number; readonly input: number; readonly reader: BroadcastReader }[];
}

/** A routine for one expression an output. */
export function expressionLoop(expressions: readonly Expression[], call: Call): JsRoutine {
  const size = sizeOf((call.outputs[0] as TensorSpec).shape);
  const { instructions, registers, scalars, readers } = compile(expressions, call);
  const width = registers.length > 0 ? block : size;
  const used = Math.min(width, size);
  const [first] = instructions;
  if (
    instructions.length === 1 &&
    first &&
    readers.length === 0 &&
    first.from.length < 4 &&
    first.from.every((place) => 'dense' in place)
  )
    return single(first, size);
  const inputsAt = registers.length;
  const outputsAt = inputsAt + call.inputs.length;
  const steps = instructions.map((instruction) => stepOf(instruction, inputsAt, outputsAt));
  /** Registers, then this call's inputs, then its outputs. */
  const arrays: HostArray[] = [...registers, ...call.inputs.map(() => nothing), ...call.outputs.map(() => nothing)];
  return (outputs, inputs, args) => {
    for (let i = 0; i < inputs.length; i++) arrays[inputsAt + i] = inputs[i] as HostArray;
    for (let j = 0; j < outputs.length; j++) arrays[outputsAt + j] = outputs[j] as HostArray;
    for (let s = 0; s < scalars.length; s++) {
      const { register, argument, input } = scalars[s] as Program['scalars'][number];
      const value = argument !== undefined ? (args[argument] ?? 0) : ((inputs[input ?? 0] as HostArray)[0] as number);
      (registers[register] as HostArray).fill(value, 0, used);
    }
    for (let r = 0; r < readers.length; r++) readers[r]?.reader.rewind();
    for (let at = 0; at < size; at += width) {
      const n = Math.min(width, size - at);
      for (let r = 0; r < readers.length; r++) {
        const { register, input, reader } = readers[r] as Program['readers'][number];
        reader.read(registers[register] as HostArray, inputs[input] as HostArray, n);
      }
      for (let i = 0; i < steps.length; i++) run(steps[i] as Step, arrays, n, at);
    }
    // A program outlives the tensors it was called with.
    for (let i = inputsAt; i < arrays.length; i++) arrays[i] = nothing;
  };
}

const nothing: HostArray = new Float32Array(0);

/** An instruction with its operands as indices into one list of arrays; `…Moves` is 1 where it moves with the block, 0 in a register. */
interface Step {
  readonly loop: Loop;
  readonly operands: number;
  readonly o: number;
  readonly oMoves: number;
  readonly a: number;
  readonly aMoves: number;
  readonly b: number;
  readonly bMoves: number;
  readonly c: number;
  readonly cMoves: number;
  readonly d: number;
  readonly dMoves: number;
}

function stepOf({ loop, from, to }: Instruction, inputsAt: number, outputsAt: number): Step {
  const index = (place: Place | undefined): number =>
    place === undefined
      ? 0
      : 'register' in place
        ? place.register
        : 'dense' in place
          ? inputsAt + place.dense
          : outputsAt + place.output;
  const moves = (place: Place | undefined): number => (place === undefined || 'register' in place ? 0 : 1);
  const [a, b, c, d] = from;
  return {
    loop,
    operands: from.length,
    o: index(to),
    oMoves: moves(to),
    a: index(a),
    aMoves: moves(a),
    b: index(b),
    bMoves: moves(b),
    c: index(c),
    cMoves: moves(c),
    d: index(d),
    dMoves: moves(d),
  };
}

function run(step: Step, arrays: readonly HostArray[], n: number, at: number): void {
  const { loop, operands } = step;
  const o = arrays[step.o] as HostArray;
  const a = arrays[step.a] as HostArray;
  const b = arrays[step.b] as HostArray;
  const c = arrays[step.c] as HostArray;
  const p = step.oMoves * at;
  const i = step.aMoves * at;
  const j = step.bMoves * at;
  if (operands === 1) (loop as Loop1)(n, o, p, a, i);
  else if (operands === 2) (loop as Loop2)(n, o, p, a, i, b, j);
  else if (operands === 3) (loop as Loop3)(n, o, p, a, i, b, j, c, step.cMoves * at);
  else (loop as Loop4)(n, o, p, a, i, b, j, c, step.cMoves * at, arrays[step.d] as HostArray, step.dMoves * at);
}

/** One node over inputs as they lie: a single loop. */
function single({ loop, from }: Instruction, size: number): JsRoutine {
  const places = from.map((place) => (place as { dense: number }).dense);
  const [p = 0, q = 0, r = 0] = places;
  if (places.length === 1)
    return (outputs, inputs) => (loop as Loop1)(size, outputs[0] as HostArray, 0, inputs[p] as HostArray, 0);
  if (places.length === 2)
    return (outputs, inputs) =>
      (loop as Loop2)(size, outputs[0] as HostArray, 0, inputs[p] as HostArray, 0, inputs[q] as HostArray, 0);
  return (outputs, inputs) =>
    (loop as Loop3)(
      size,
      outputs[0] as HostArray,
      0,
      inputs[p] as HostArray,
      0,
      inputs[q] as HostArray,
      0,
      inputs[r] as HostArray,
      0,
    );
}

/** Registers are shared by all programs: a routine runs to its end before another begins. */
const scratchByDtype = new Map<DType, HostArray[]>();
function scratch(dtype: DType, i: number): HostArray {
  let arrays = scratchByDtype.get(dtype);
  if (arrays === undefined) {
    arrays = [];
    scratchByDtype.set(dtype, arrays);
  }
  arrays[i] ??= emptyHostArray(dtype, block);
  return arrays[i];
}

const constants = new Map<string, HostArray>();
function constant(dtype: DType, value: number): HostArray {
  const name = `${dtype}:${Object.is(value, -0) ? '-0' : value}`;
  let array = constants.get(name);
  if (array === undefined) {
    array = emptyHostArray(dtype, block).fill(value);
    constants.set(name, array);
  }
  return array;
}

function compile(expressions: readonly Expression[], call: Call): Program {
  const shape = (call.outputs[0] as TensorSpec).shape;
  const size = sizeOf(shape);
  const dtypes = call.inputs.map((spec) => spec.dtype);
  const instructions: Instruction[] = [];
  const registers: HostArray[] = [];
  const scalars: Program['scalars'][number][] = [];
  const readers: Program['readers'][number][] = [];
  const known = new Map<string, Place>();
  const register = (dtype: DType): number => registers.push(scratch(dtype, registers.length)) - 1;

  const leaf = (e: Expression, dtype: DType): Place | undefined => {
    if ('constant' in e) {
      return { register: registers.push(constant(dtype, e.constant)) - 1 };
    }
    if ('argument' in e) {
      const at = register(dtype);
      scalars.push({ register: at, argument: e.argument });
      return { register: at };
    }
    if (!('input' in e)) return undefined;
    const spec = call.inputs[e.input] as TensorSpec;
    const length = sizeOf(spec.shape);
    if (length === size) return { dense: e.input };
    const at = register(dtype);
    if (length === 1) scalars.push({ register: at, input: e.input });
    else
      readers.push({
        register: at,
        input: e.input,
        reader: new BroadcastReader(shape, broadcastStrides(spec.shape, shape)),
      });
    return { register: at };
  };

  /** `context`: the dtype of constants and arguments that nothing else decides. */
  const place = (e: Expression, context: DType, target?: Place): Place => {
    const dtype = expressionDtype('expression', e, dtypes) ?? context;
    const name = `${dtype}:${contentKey(e)}`;
    const before = known.get(name);
    if (before !== undefined && target === undefined) return before;
    const found = before ?? leaf(e, dtype);
    if (found !== undefined) {
      known.set(name, found);
      if (target === undefined) return found;
      // A formula that is just an input or a constant: copied to the output.
      instructions.push({ loop: loopFor('copy', dtype), from: [found], to: target });
      return target;
    }
    if ('where' in e && 'binary' in e.where && e.where.binary === 'lt') {
      // x < y ? a : b, the commonest choice, in one pass instead of two.
      const { x, y } = e.where;
      const compared =
        expressionDtype('expression', x, dtypes) ?? expressionDtype('expression', y, dtypes) ?? 'float32';
      const from = [place(x, compared), place(y, compared), place(e.x, dtype), place(e.y, dtype)];
      const to: Place = target ?? { register: register(dtype) };
      instructions.push({ loop: whereLess, from, to });
      known.set(name, to);
      return to;
    }
    const operands =
      'where' in e ? [e.where, e.x, e.y] : 'binary' in e ? [e.x, e.y] : [(e as { readonly x: Expression }).x];
    // Operands of a comparison decide for each other; elsewhere the node's own dtype decides.
    const own = operands.map((operand) => expressionDtype('expression', operand, dtypes));
    const shared =
      ('where' in e ? (own[1] ?? own[2]) : (own[0] ?? own[1])) ??
      (dtype === 'bool' && 'binary' in e && e.binary !== 'and' && e.binary !== 'or'
        ? 'float32'
        : 'cast' in e
          ? e.cast === 'float64' || e.cast === 'int32'
            ? e.cast
            : 'float32'
          : dtype);
    const from = operands.map((operand, i) => place(operand, 'where' in e && i === 0 ? 'bool' : shared));
    const to: Place = target ?? { register: register(dtype) };
    const code = 'where' in e ? 'where' : 'binary' in e ? e.binary : 'unary' in e ? e.unary : 'cast';
    instructions.push({ loop: loopFor(code, 'cast' in e ? dtype : shared), from, to });
    known.set(name, to);
    return to;
  };

  expressions.forEach((e, j) => {
    const spec = call.outputs[j];
    if (spec === undefined) throw new DendriteError('OPTION', 'expression: there must be one output an expression.');
    place(e, spec.dtype, { output: j });
  });
  return { instructions, registers, scalars, readers };
}
