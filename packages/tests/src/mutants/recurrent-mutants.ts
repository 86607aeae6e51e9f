/** Broken recurrence: killed by the op kit on its own case table, or by the layer kit. */
import { layerConformance } from '@dendrite/conformance';
import { checkGradients, cpu, createRuntime, mul } from '@dendrite/core';
import { type Lstm, type LstmState, lstm, runSequence } from '@dendrite/rnn-lstm';
import { decomposition, gradient } from './broken-runtime.ts';
import type { Mutant } from './mutant.ts';
import { opMutant } from './op-mutants.ts';

const ops: readonly Mutant[] = [
  opMutant(
    'kernel',
    'rnn-lstm/lstm',
    'lengths are ignored',
    decomposition((decompose) => (inputs, attributes, args) => decompose(inputs.slice(0, 4), attributes, args)),
  ),
  opMutant(
    'kernel',
    'rnn-lstm/lstm',
    'a backward direction runs forwards',
    decomposition(
      (decompose) => (inputs, attributes, args) => decompose(inputs, { ...attributes, reverse: false }, args),
    ),
  ),
  opMutant(
    'kernel',
    'rnn-lstm/gru',
    'the recurrent bias is left out',
    decomposition(
      (decompose) => (inputs, attributes, args) =>
        decompose(
          inputs.map((input, i) => (i === 2 ? mul(input, 0) : input)),
          attributes,
          args,
        ),
    ),
  ),
  opMutant(
    'gradient',
    'rnn-lstm/lstm',
    'hidden and cell state change places',
    gradient((rule) => (context) => {
      const [projected = null, recurrent = null, hidden = null, cell = null, ...rest] = rule(context);
      return [projected, recurrent, cell, hidden, ...rest];
    }),
  ),
  opMutant(
    'gradient',
    'rnn-lstm/simple-rnn',
    'that of the recurrent weights is halved',
    gradient((rule) => (context) => {
      const [projected = null, recurrent = null, ...rest] = rule(context);
      return [projected, recurrent && mul(recurrent, 0.5), ...rest];
    }),
  ),
];

const runtime = await createRuntime({ backends: [cpu()] });
const layers: readonly Mutant[] = [
  {
    kind: 'layer',
    name: 'lstm: a batch begins with the state that the one before ended with',
    subject: 'recurrent lstm',
    async cases(broken) {
      let state: readonly LstmState[] | undefined;
      const make = (): Lstm => {
        const layer = lstm(3);
        if (!broken) return layer;
        const changed: Lstm = {
          ...layer,
          apply({ params, state: own }, x) {
            const fits = state?.[0]?.hidden.shape[0] === x.shape[0];
            const run = runSequence(layer, params, x, state && fits && x.dtype === 'float32' ? { state } : {});
            if (x.dtype === 'float32')
              state = runtime.keep(
                run.state.map(({ hidden, cell }) => ({ hidden: mul(hidden, 1), cell: mul(cell, 1) })),
              );
            return [run.outputs, own];
          },
        };
        return Object.freeze(changed);
      };
      return layerConformance(make, { runtime, input: { shape: [2, 3, 2] }, output: [2, 3, 3], checkGradients });
    },
  },
];

export const recurrentMutants: readonly Mutant[] = [...ops, ...layers];
