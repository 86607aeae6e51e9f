/** What a rule of the export gets and gives: a layer's config, where its arrays are, and the value that it is applied to. */
import { DendriteError, type Json } from '@dendrite/spec';
import { activations } from './activations.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';

export type Fields = Readonly<Record<string, Json>>;
export interface Place {
  readonly graph: GraphBuilder;
  readonly config: Fields;
  readonly x: Value;
  /** What the layer is, for messages: `layer '3' (nn/dense)`. */
  readonly said: string;
  /** Name of one of its arrays. */
  param(name: string): string;
  state(name: string): string;
}
export type LayerRule = (place: Place) => Value;

/** @throws OPTION  for what ONNX has no form for */
export function refuse({ said }: Pick<Place, 'said'>, what: string): never {
  throw new DendriteError(
    'OPTION',
    `networkToOnnx(): ${said} must be one that ONNX can say, got ${what}. Replace it, or export the parts before and behind it.`,
  );
}

/** The activation that a config names. */
export function activated(place: Pick<Place, 'graph' | 'config' | 'said'>, x: string): string {
  const { activation = null } = place.config;
  if (activation === null) return x;
  const write =
    typeof activation === 'string' && Object.hasOwn(activations, activation) ? activations[activation] : undefined;
  if (write === undefined) return refuse(place, `the activation ${JSON.stringify(activation)}`);
  return write(place.graph, x);
}

/** `x · weight + bias`. */
export function linear({ graph, param }: Place, x: string, path = ''): string {
  const y = graph.add('MatMul', [x, graph.held(param(`${path}weight`))]);
  const bias = param(`${path}bias`);
  return graph.has(bias) ? graph.add('Add', [y, graph.held(bias)]) : y;
}

/** `(x − mean) / √(variance + epsilon)` over these axes. */
export function normalised(graph: GraphBuilder, x: string, axes: readonly number[], epsilon: number): string {
  const over = { axes: { ints: axes }, keepdims: { int: 1 } };
  const centred = graph.add('Sub', [x, graph.add('ReduceMean', [x], over)]);
  const variance = graph.add('ReduceMean', [graph.add('Mul', [centred, centred])], over);
  const deviation = graph.add('Sqrt', [graph.add('Add', [variance, graph.numbers(epsilon)])]);
  return graph.add('Div', [centred, deviation]);
}

/** `x · scale + offset`. */
export const scaledBy = ({ graph, param }: Place, x: string, path = ''): string =>
  graph.add('Add', [graph.add('Mul', [x, graph.held(param(`${path}scale`))]), graph.held(param(`${path}offset`))]);
