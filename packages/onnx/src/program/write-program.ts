/** A program as an ONNX graph: calls by their rows, formulas node by node, and only what the outputs need. */
import { DendriteError, type DType } from '@dendrite/spec';
import type { OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from '../model/onnx-model.ts';
import { type Amount, amountKey, isFree } from './amount.ts';
import { Graph } from './graph.ts';
import type { Constant, Program, ProgramCall, ProgramOperand, ProgramValue } from './program.ts';
import { rowOf } from './rows/table.ts';
import { writeFormula } from './write-formula.ts';

export interface GraphInput {
  readonly name: string;
  readonly dtype: DType;
  /** A text is the name of a free length. */
  readonly shape: readonly (number | string)[];
}

/** @throws OPTION  for what ONNX cannot say; it is named */
export function writeProgram(program: Program, inputs: readonly GraphInput[]): OnnxGraph {
  const places: Record<string, { readonly input: string; readonly axis: number }> = {};
  for (const { name, shape } of inputs)
    for (const [axis, length] of shape.entries())
      if (typeof length === 'string') places[length] ??= { input: name, axis };
  const graph = new Graph(places);
  const written = new Map<ProgramValue, string>();

  const nameOf = (value: ProgramValue): string => {
    const known = written.get(value);
    if (known !== undefined) return known;
    const { source } = value;
    if ('call' in source)
      throw new DendriteError(
        'OPTION',
        `toOnnx(): of ${source.call.op} the first output alone must be read, got a read of output ${source.output}. Compute it from the inputs, or export what predicts: gradients read such.`,
      );
    const made =
      'input' in source
        ? source.input
        : 'held' in source
          ? graph.hold(source.held, source.data, value.shape as readonly number[], value.dtype)
          : constant(graph, source.constant, value);
    written.set(value, made);
    return made;
  };
  const named = ({ value, shape }: ProgramOperand): string => graph.reshaped(nameOf(value), value.shape, shape);
  const write = (call: ProgramCall): readonly string[] => {
    const found = call.inputs.map((operand) => ({
      name: named(operand),
      shape: operand.shape,
      dtype: operand.value.dtype,
    }));
    const row = rowOf(call.op);
    const [output] = call.outputs as readonly [ProgramValue];
    if (row !== undefined) return row({ graph, call, inputs: found, output, named });
    return (call.formulas ?? []).map((formula, j) =>
      writeFormula(graph, formula, { inputs: found, args: call.args, output: call.outputs[j] ?? output }),
    );
  };
  for (const call of neededCalls(program))
    for (const [j, name] of write(call).entries()) {
      const output = call.outputs[j] as ProgramValue;
      written.set(output, name);
      graph.measure(name, output.shape);
    }

  const taken = new Map(inputs.map(({ name }) => [name, 'an input']));
  for (const { source } of written.keys()) if ('held' in source) taken.set(source.held, 'a held array');
  const outputs = Object.entries(program.outputs).map(([name, operand]): OnnxValue => {
    const other = taken.get(name);
    if (other !== undefined)
      throw new DendriteError(
        'OPTION',
        `toOnnx(): an output must have a name that nothing else has, got '${name}', which is the name of ${other}. Outputs are named by their paths in what the function returns: return { ${name}Out: … } in place of { ${name}: … }, or rename that.`,
      );
    graph.nodes.push({ op: 'Identity', inputs: [named(operand)], outputs: [name] });
    return { name, dtype: operand.value.dtype, shape: operand.shape.map((length, axis) => said(length, name, axis)) };
  });
  const { nodes, initializers } = needed(
    graph,
    outputs.map(({ name }) => name),
  );
  return {
    name: 'network',
    inputs: inputs.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    outputs,
    nodes,
    initializers,
  };
}

function constant(graph: Graph, made: Constant, { dtype, shape }: ProgramValue): string {
  if (made.kind === 'range') return graph.range(made.count, dtype);
  if (made.kind === 'filled') {
    const one = graph.scalar(made.value, dtype);
    return shape.length === 0 ? one : graph.add('Expand', [one, graph.lengths(shape)]);
  }
  const table = graph.hold(`table_${Object.keys(graph.initializers).length}`, made.data, made.shape, dtype);
  if (made.kind === 'array') return table;
  const ends = [[0], [made.count], [made.axis]].map((each) => graph.lengths(each));
  return graph.add('Slice', [table, ...ends]);
}

/** An output's length: a number, a sum as it is written, or a name of its own. */
const said = (amount: Amount, name: string, axis: number): number | string =>
  !isFree(amount) ? amount : amount.terms === undefined ? `${name}_${axis}` : amountKey(amount);

/** Calls that the outputs are computed from. */
function neededCalls({ calls, outputs }: Program): readonly ProgramCall[] {
  const used = new Set(Object.values(outputs).map(({ value }) => value));
  return calls
    .toReversed()
    .filter((call) => {
      const kept = call.outputs.some((value) => used.has(value));
      if (kept) for (const { value } of call.inputs) used.add(value);
      return kept;
    })
    .toReversed();
}

/** Nodes and arrays that the outputs are computed from: a row may look behind what it is given. */
function needed(
  graph: Graph,
  outputs: readonly string[],
): { readonly nodes: readonly OnnxNode[]; readonly initializers: Readonly<Record<string, OnnxTensor>> } {
  const used = new Set(outputs);
  const nodes = graph.nodes.toReversed().filter((node) => {
    const kept = node.outputs.some((name) => used.has(name));
    if (kept) for (const name of node.inputs) used.add(name);
    return kept;
  });
  return {
    nodes: nodes.toReversed(),
    initializers: Object.fromEntries(Object.entries(graph.initializers).filter(([name]) => used.has(name))),
  };
}
