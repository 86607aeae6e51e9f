/** What runtimes would refuse in a graph, said before the file is written: each name is computed once, and before it is read. */
import { DendriteError } from '@dendrite/spec';
import type { OnnxAttribute, OnnxGraph } from './onnx-model.ts';

/** @param outside  names that an inner graph sees of the graphs around it */
export function checkGraph(graph: OnnxGraph, outside: ReadonlySet<string> = new Set()): void {
  const { inputs, outputs, nodes, initializers = {} } = graph;
  const own = new Set<string>();
  const define = (name: string, what: string): void => {
    if (name === '' || own.has(name))
      throw wrong(graph, `${what} must have a name of its own`, name === '' ? 'none' : `'${name}' again`);
    own.add(name);
  };
  const known = (name: string): boolean => own.has(name) || outside.has(name);
  for (const { name } of inputs) define(name, 'an input');
  for (const name of Object.keys(initializers)) define(name, 'an initializer');
  for (const { op, inputs: read, outputs: written, attributes = {} } of nodes) {
    for (const name of read)
      if (name !== '' && !known(name)) throw wrong(graph, `${op} must read what is computed before it`, `'${name}'`);
    for (const inner of innerGraphs(attributes)) checkGraph(inner, new Set([...outside, ...own]));
    // An output that is not wanted has no name.
    for (const name of written) if (name !== '') define(name, `an output of ${op}`);
  }
  for (const { name } of outputs)
    if (!known(name)) throw wrong(graph, 'an output must be computed by a node', `'${name}'`);
}

function innerGraphs(attributes: Readonly<Record<string, OnnxAttribute>>): OnnxGraph[] {
  return Object.values(attributes).flatMap((attribute) => ('graph' in attribute ? [attribute.graph] : []));
}

function wrong({ name }: OnnxGraph, rule: string, got: string): DendriteError {
  return new DendriteError('OPTION', `encodeModel(): in graph '${name}' ${rule}, got ${got}. Rename or reorder it.`);
}
