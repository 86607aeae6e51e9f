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
import { broadcastStrides } from '../ops/broadcast/broadcast-to.ts';
import { expressionDtype } from '../ops/expression/expression-dtype.ts';
import { sizeOf } from '../ops/strides.ts';
import { BroadcastReader } from './broadcast-reader.ts';
import { type Loop, type Loop1, type Loop2, type Loop3, loopFor } from './loops.ts';

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
  if (instructions.length === 1 && first && readers.length === 0 && first.from.every((place) => 'dense' in place))
    return single(first, size);
  return (outputs, inputs, args) => {
    for (const { register, argument, input } of scalars) {
      const to = registers[register] as HostArray;
      to.fill(
        argument !== undefined ? (args[argument] ?? 0) : ((inputs[input ?? 0] as HostArray)[0] as number),
        0,
        used,
      );
    }
    for (const { reader } of readers) reader.rewind();
    for (let at = 0; at < size; at += width) {
      const n = Math.min(width, size - at);
      for (const { register, input, reader } of readers)
        reader.read(registers[register] as HostArray, inputs[input] as HostArray, n);
      for (let i = 0; i < instructions.length; i++) {
        const { loop, from, to } = instructions[i] as Instruction;
        const out =
          'register' in to
            ? (registers[to.register] as HostArray)
            : (outputs[(to as { output: number }).output] as HostArray);
        const outAt = 'register' in to ? 0 : at;
        const [p, q, r] = from;
        const a = p ? array(p, registers, inputs, outputs) : out;
        const aAt = p && !('register' in p) ? at : 0;
        if (from.length === 1) (loop as Loop1)(n, out, outAt, a, aAt);
        else if (q) {
          const b = array(q, registers, inputs, outputs);
          const bAt = 'register' in q ? 0 : at;
          if (r)
            (loop as Loop3)(
              n,
              out,
              outAt,
              a,
              aAt,
              b,
              bAt,
              array(r, registers, inputs, outputs),
              'register' in r ? 0 : at,
            );
          else (loop as Loop2)(n, out, outAt, a, aAt, b, bAt);
        }
      }
    }
  };
}

const array = (
  place: Place,
  registers: readonly HostArray[],
  inputs: readonly HostArray[],
  outputs: readonly HostArray[],
): HostArray =>
  'register' in place
    ? (registers[place.register] as HostArray)
    : 'dense' in place
      ? (inputs[place.dense] as HostArray)
      : (outputs[place.output] as HostArray);

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
