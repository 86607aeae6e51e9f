/**
 * recurrent.json: outputs, last states and gradients of Σ outputs · cotangents. Torch has weights as [gates · units, channels], two
 * biases a cell and all states in one tensor, [levels · directions, batch, units]; ours are [channels, gates · units], one bias where
 * one does (both of Torch's have its gradient), and one state a cell.
 */
import { add, mul, reshape, slice, stack, sum, valueAndGrad } from '@dendrite/core';
import {
  type CellParams,
  gru,
  type HiddenState,
  type LevelParams,
  type LstmState,
  lstm,
  type RecurrentLayer,
  type RecurrentOptions,
  runSequence,
  simpleRnn,
} from '@dendrite/rnn-lstm';
import type { HostTensor, Tensor } from '@dendrite/spec';
import type { Machine } from './machine.ts';
import {
  configOf,
  type Fields,
  firstAt,
  isFields,
  NotBuilt,
  numberAt,
  numbersAt,
  permuted,
  type ReferenceCase,
  tensorOf,
  tensorsAt,
} from './reference-case.ts';
import { Results } from './results.ts';

type AnyState = HiddenState & Partial<LstmState>;
type AnyRecurrent = RecurrentLayer<AnyState>;

function layerOf(name: string, config: Fields): AnyRecurrent {
  const units = numberAt(config, 'hiddenSize');
  const options: RecurrentOptions = {
    layers: numberAt(config, 'num_layers', 1),
    bidirectional: config.bidirectional === true,
    bias: config.bias !== false,
  };
  if (name.startsWith('lstm')) return lstm(units, options) as object as AnyRecurrent;
  if (name.startsWith('gru')) return gru(units, options);
  if (name.startsWith('rnn'))
    return simpleRnn(units, { ...options, activation: config.nonlinearity === 'relu' ? 'relu' : 'tanh' });
  throw new NotBuilt(`recurrent layer ${name}`);
}

/** Torch's names of a cell's parameters. */
const theirs = (kind: string, level: number, backward: boolean): string =>
  `${kind}_l${level}${backward ? '_reverse' : ''}`;

export async function runRecurrent(machine: Machine, { name, fields }: ReferenceCase): Promise<Results> {
  const config = configOf(fields, ['hiddenSize', 'num_layers', 'bidirectional', 'bias', 'nonlinearity', 'lengths']);
  const layer = layerOf(name, config);
  const levels = numberAt(config, 'num_layers', 1);
  const directions = config.bidirectional === true ? [false, true] : [false];
  const own = name.startsWith('gru');
  const saved = isFields(fields.state) ? fields.state : {};
  const weight = (kind: string, level: number, backward: boolean): Tensor =>
    machine.tensor(permuted(tensorOf(saved[theirs(kind, level, backward)], kind), [1, 0]));
  const vector = (kind: string, level: number, backward: boolean): Tensor =>
    machine.tensor(tensorOf(saved[theirs(kind, level, backward)], kind));
  const cell = (level: number, backward: boolean): CellParams => {
    const weights = { input: weight('weight_ih', level, backward), recurrent: weight('weight_hh', level, backward) };
    if (config.bias === false) return weights;
    const [bias, recurrentBias] = [vector('bias_ih', level, backward), vector('bias_hh', level, backward)];
    return own ? { ...weights, bias, recurrentBias } : { ...weights, bias: add(bias, recurrentBias) };
  };
  const params = Array.from({ length: levels }, (_, level): LevelParams => {
    const [forward = cell(level, false), backward] = directions.map((each) => cell(level, each));
    return { forward, ...(backward && { backward }) };
  });

  const [, ...initial] = tensorsAt(fields, 'inputs').map((tensor) => tensor && machine.tensor(tensor));
  const cotangents = tensorsAt(fields, 'cotangents').map((tensor) => tensor && machine.tensor(tensor));
  const lengths = config.lengths === undefined ? undefined : numbersAt(config, 'lengths');
  type Given = { readonly x: Tensor; readonly initial: readonly Tensor[]; readonly params: readonly LevelParams[] };
  const given: Given = {
    x: machine.tensor(firstAt(fields, 'inputs')),
    initial: initial.filter((tensor): tensor is Tensor => tensor !== null),
    params,
  };
  const { aux, gradients } = valueAndGrad((now: Given) => {
    const state = statesOf(now.initial, levels * directions.length);
    const run = runSequence(layer, now.params, now.x, { ...(state && { state }), ...(lengths && { lengths }) });
    const hidden = stack(run.state.map((each) => each.hidden));
    const cells = run.state.flatMap((each) => (each.cell ? [each.cell] : []));
    const outputs = [run.outputs, hidden, ...(cells.length > 0 ? [stack(cells)] : [])];
    const parts = outputs.flatMap((y, i) => {
      const cotangent = cotangents[i];
      return cotangent ? [sum(mul(y, cotangent))] : [];
    });
    return { loss: parts.reduce((a, b) => add(a, b)), aux: outputs };
  })(given);

  const results = new Results();
  for (const [i, expected] of tensorsAt(fields, 'outputs').entries()) {
    const made = aux[i];
    results.add(`outputs.${i}`, made && (await machine.host(made)), expected);
  }
  for (const [i, expected] of tensorsAt(fields, 'inputGrads').entries()) {
    const made = i === 0 ? gradients.x : gradients.initial[i - 1];
    results.add(`inputGrads.${i}`, made && (await machine.host(made)), expected);
  }
  const wanted = isFields(fields.paramGrads) ? fields.paramGrads : {};
  const found = new Map<string, HostTensor>();
  for (const [level, each] of gradients.params.entries())
    for (const [direction, part] of [each.forward, each.backward].entries())
      for (const [kind, tensor] of Object.entries(theirGradients(part, own))) {
        const host = await machine.host(tensor);
        found.set(theirs(kind, level, direction === 1), host.shape.length === 2 ? permuted(host, [1, 0]) : host);
      }
  for (const [kind, value] of Object.entries(wanted))
    results.add(`paramGrads.${kind}`, found.get(kind), tensorOf(value, kind));
  return results;
}

/** Torch's states cut into one a cell. */
function statesOf(tensors: readonly Tensor[], cells: number): readonly AnyState[] | undefined {
  const [hidden, cell] = tensors;
  if (!hidden) return undefined;
  const part = (x: Tensor, i: number): Tensor => reshape(slice(x, { begin: [i], size: [1] }), x.shape.slice(1));
  return Array.from({ length: cells }, (_, i) => ({
    hidden: part(hidden, i),
    ...(cell && { cell: part(cell, i) }),
  }));
}

/** A cell's gradients under Torch's names. */
function theirGradients(cell: CellParams | undefined, own: boolean): Readonly<Record<string, Tensor>> {
  if (!cell) return {};
  const { input, recurrent, bias, recurrentBias } = cell;
  const second = own ? recurrentBias : bias;
  return {
    weight_ih: input,
    weight_hh: recurrent,
    ...(bias && { bias_ih: bias }),
    ...(second && { bias_hh: second }),
  };
}
