/** Broken attention: killed by the op kit on its own case table, or by the layer kit. */
import { attentionPooling, multiHeadAttention } from '@dendrite/attention';
import { layerConformance } from '@dendrite/conformance';
import { checkGradients, cpu, createRuntime, mul } from '@dendrite/core';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import { type Change, decomposition, gradient } from './broken-runtime.ts';
import type { Mutant } from './mutant.ts';
import { opMutant } from './op-mutants.ts';

const forward = 'attention/scaled-dot-product';
const backward = 'attention/scaled-dot-product-gradient';
const withAttributes = (
  change: (given: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): Change =>
  decomposition(
    (decompose) => (inputs, attributes, args) => decompose(inputs, change(attributes) as typeof attributes, args),
  );

const ops: readonly Mutant[] = [
  opMutant(
    'kernel',
    forward,
    'a query sees the keys behind it, though causal',
    withAttributes((given) => ({ ...given, causal: false })),
  ),
  opMutant(
    'kernel',
    forward,
    'the mask is ignored',
    decomposition((decompose) => (inputs, attributes, args) => decompose(inputs.slice(0, 3), attributes, args)),
  ),
  opMutant(
    'kernel',
    forward,
    'scores are not scaled',
    withAttributes((given) => ({ ...given, scale: 1 })),
  ),
  opMutant(
    'kernel',
    backward,
    'the keys get the gradient of the values',
    decomposition((decompose) => (inputs, attributes, args) => {
      const [query, , value] = decompose(inputs, attributes, args);
      return [query, inputs[1], value].filter((each) => each !== undefined);
    }),
  ),
  opMutant(
    'gradient',
    forward,
    'the queries’ is doubled (scale)',
    gradient((rule) => (context) => {
      const [query = null, ...rest] = rule(context);
      return [query && mul(query, 2), ...rest];
    }),
  ),
];

const runtime = await createRuntime({ backends: [cpu()] });
function layerMutant(
  subject: string,
  fault: string,
  make: () => Layer<Tree, Tree>,
  output: readonly number[],
  breaks: (layer: Layer<Tree, Tree>) => Layer<Tree, Tree>,
): Mutant {
  return {
    kind: 'layer',
    name: `${subject}: ${fault}`,
    subject: `attention ${subject}`,
    cases: async (broken) =>
      layerConformance(() => (broken ? breaks(make()) : make()), {
        runtime,
        input: { shape: [2, 3, 4] },
        output,
        checkGradients,
      }),
  };
}

const layers: readonly Mutant[] = [
  layerMutant(
    'multiHeadAttention',
    'an example sees its neighbour',
    () => multiHeadAttention({ heads: 2 }),
    [2, 3, 4],
    (layer) => ({
      ...layer,
      apply(variables, x: Tensor, context) {
        const [y, state] = layer.apply(variables, x, context);
        const [batch = 0, ...rest] = y.shape;
        const other = y.runtime.reshape(y, [1, ...rest]);
        return [mul(y, batch > 1 ? other : 1), state];
      },
    }),
  ),
  layerMutant(
    'attentionPooling',
    'it draws anew each time',
    () => attentionPooling(),
    [2, 4],
    (layer) => {
      let calls = 0;
      return {
        ...layer,
        apply(variables, x: Tensor, context) {
          const [y, state] = layer.apply(variables, x, context);
          return [mul(y, 1 + 0.01 * calls++), state];
        },
      };
    },
  ),
];

export const attentionMutants: readonly Mutant[] = [...ops, ...layers];
