/** A layer of a file as nodes of a graph: compositions are walked through, every other layer is written by its rule. */
import { DendriteError, type Json } from '@dendrite/spec';
import { type GraphBuilder, permuted, product, type Value } from './graph-builder.ts';
import { imageRules } from './image-rules.ts';
import type { Fields, LayerRule } from './layer-rule.ts';
import { plainRules } from './plain-rules.ts';
import { sequenceRules } from './sequence-rules.ts';

const rules: Readonly<Record<string, LayerRule>> = { ...plainRules, ...imageRules, ...sequenceRules };

/** @throws OPTION  for a layer that has no rule; the message names it and its place */
export function writeLayer(graph: GraphBuilder, json: Json, path: string, x: Value): Value {
  const { function: called, name: factory, config } = (json ?? {}) as Fields;
  const name = typeof called === 'string' ? `function/${called}` : String(factory);
  const fields = (config ?? {}) as Fields;
  const below = (each: string | number): string => (path === '' ? String(each) : `${path}.${each}`);
  if (name === 'nn/sequential') {
    let value = x;
    for (const [i, child] of (fields.layers as readonly Json[]).entries())
      value = writeLayer(graph, child, below(i), value);
    return value;
  }
  if (name === 'nn/residual') {
    const inner = writeLayer(graph, fields.inner ?? null, below('inner'), x);
    return { name: graph.add('Add', [x.name, inner.name]), shape: x.shape };
  }
  if (name === 'nn/parallel') {
    const parts = (fields.layers as readonly Json[]).map((child, i) => writeLayer(graph, child, below(i), x));
    const [first = x, ...rest] = parts;
    if (fields.join === 'add')
      return {
        name: rest.reduce((sum, part) => graph.add('Add', [sum, part.name]), first.name),
        shape: first.shape,
      };
    const width = parts.reduce((sum, { shape }) => sum + product(shape.slice(-1)), 0);
    const names = parts.map((part) => part.name);
    return { name: graph.add('Concat', names, { axis: { int: -1 } }), shape: [...first.shape.slice(0, -1), width] };
  }
  if (name === 'nn/tied') {
    const words = writeLayer(graph, fields.embedding ?? null, below('embedding'), x);
    const inner = writeLayer(graph, fields.inner ?? null, below('inner'), words);
    const weight = graph.changed(`params.${below('embedding')}.weight`, (array) => permuted(array, [1, 0]));
    const scores = graph.add('MatMul', [inner.name, weight]);
    const bias = `params.${below('bias')}`;
    const vocabulary = graph.array(`params.${below('embedding')}.weight`).shape[0] ?? 0;
    return {
      name: graph.has(bias) ? graph.add('Add', [scores, graph.held(bias)]) : scores,
      shape: [...inner.shape.slice(0, -1), vocabulary],
    };
  }
  const said = `layer '${path}' (${name})`;
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined)
    throw new DendriteError(
      'OPTION',
      `networkToOnnx(): every layer must be one that can be exported, got ${said}. These can: ${Object.keys(rules)
        .filter((each) => !each.startsWith('function/'))
        .join(', ')}, and sequential, parallel, residual and named functions.`,
    );
  const array = (kind: string) => (each: string) => [kind, path, each].filter((part) => part !== '').join('.');
  return rule({ graph, config: fields, x, said, param: array('params'), state: array('state') });
}
