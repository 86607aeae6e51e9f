/** Broken order, index, normalisation, CTC and convolution: killed by the op kit on their case tables, or by the layer kit. */
import { convTranspose2d, separableConv2d } from '@dendrite/cnn';
import { layerConformance } from '@dendrite/conformance';
import { checkGradients, cpu, createRuntime, mul } from '@dendrite/core';
import { embedding, groupNorm, instanceNorm, rmsNorm } from '@dendrite/nn';
import type { CaseInput, Expression, Layer, Tensor, Tree } from '@dendrite/spec';
import { attributes, decomposition, expressions, gradient, output } from './broken-runtime.ts';
import type { Mutant } from './mutant.ts';
import { opMutant } from './op-mutants.ts';

const input = (i: number): Expression => ({ input: i });

const ops: readonly Mutant[] = [
  opMutant(
    'kernel',
    'core/sort',
    'descending is ignored',
    attributes((given) => ({ ...given, descending: false })),
  ),
  opMutant(
    'kernel',
    'core/place-along-axis',
    'elements lie side by side, whatever the axis (stride)',
    expressions(() => ({ expressions: () => [{ binary: 'add', x: input(1), y: input(0) }] })),
  ),
  opMutant(
    'kernel',
    'core/scatter-add',
    'the last element is never written',
    output((out, size, before) => {
      if (size > 0) out[size - 1] = before[size - 1] ?? 0;
    }),
  ),
  opMutant(
    'kernel',
    'core/split',
    'the last two parts change places',
    decomposition((decompose) => (inputs, given, args) => {
      const parts = [...decompose(inputs, given, args)];
      const [a, b] = parts.slice(-2);
      if (a && b && String(a.shape) === String(b.shape)) parts.splice(-2, 2, b, a);
      return parts;
    }),
  ),
  opMutant(
    'kernel',
    'nn/ctc-step',
    'every state may be skipped',
    expressions((op) => ({
      expressions: (given) => op.expressions(given).map((e) => replaced(e, 3, { constant: 0 })),
    })),
  ),
  opMutant(
    'kernel',
    'cnn/conv2d-input-gradient',
    'the filters’ taps lie side by side, though dilated',
    attributes((given) => ({ ...given, dilation: [1, 1] })),
  ),
  opMutant(
    'gradient',
    'core/cumulative',
    'the sum runs the same way back',
    gradient(
      (rule) => (context) =>
        rule({ ...context, attributes: { ...context.attributes, reverse: !context.attributes.reverse } }),
    ),
  ),
  opMutant(
    'gradient',
    'core/split',
    'only the first part has one',
    gradient((rule) => (context) => rule({ ...context, dy: context.dy.map((d, i) => (i === 0 ? d : d && mul(d, 0))) })),
  ),
  opMutant(
    'gradient',
    'nn/prelu',
    'the slope has one above zero, too',
    expressions((op) => ({
      derivatives: (given) => [
        (typeof op.derivatives === 'function' ? op.derivatives(given)[0] : null) ?? null,
        { binary: 'mul', x: input(3), y: input(0) },
      ],
    })),
  ),
  opMutant(
    'gradient',
    'nn/ctc-step',
    'nothing comes from the state before',
    expressions((op) => ({
      derivatives: (given) =>
        (typeof op.derivatives === 'function' ? op.derivatives(given) : []).map((e, i) => (i === 1 ? null : e)),
    })),
  ),
];

/** A formula with another in place of an input. */
function replaced(e: Expression, at: number, by: Expression): Expression {
  if ('input' in e) return e.input === at ? by : e;
  if ('constant' in e || 'argument' in e) return e;
  if ('where' in e) return { where: replaced(e.where, at, by), x: replaced(e.x, at, by), y: replaced(e.y, at, by) };
  if ('binary' in e) return { ...e, x: replaced(e.x, at, by), y: replaced(e.y, at, by) };
  return { ...e, x: replaced(e.x, at, by) };
}

const runtime = await createRuntime({ backends: [cpu()] });
type AnyLayer = Layer<Tree, Tree>;
const layerMutant = (
  subject: string,
  fault: string,
  kit: { readonly input: CaseInput; readonly anyShape?: boolean },
  make: () => AnyLayer,
  change: (whole: AnyLayer) => Partial<AnyLayer>,
): Mutant => ({
  kind: 'layer',
  name: `${subject}: ${fault}`,
  subject,
  cases: async (broken) =>
    layerConformance(() => (broken ? Object.freeze({ ...make(), ...change(make()) }) : make()), {
      runtime,
      checkGradients,
      ...kit,
    }),
});

/** The batch as one example: its first axis joins the second. */
const asOne = (whole: AnyLayer): Partial<AnyLayer> => ({
  apply(variables, x: Tensor, context) {
    const [batch = 1, positions = 1, ...rest] = x.shape;
    const [y, state] = whole.apply(variables, x.runtime.reshape(x, [1, batch * positions, ...rest]), context);
    return [x.runtime.reshape(y, x.shape), state];
  },
});
const images: CaseInput = { shape: [2, 3, 2, 4] };

const layers: readonly Mutant[] = [
  layerMutant('groupNorm', 'the batch is one group', { input: images }, () => groupNorm({ groups: 2 }), asOne),
  layerMutant('instanceNorm', 'the batch is one instance', { input: images }, () => instanceNorm(), asOne),
  layerMutant(
    'rmsNorm',
    'its parameters stay alive (leak)',
    { input: { shape: [3, 4] } },
    () => rmsNorm(),
    (whole) => ({
      apply(variables, x: Tensor, context) {
        runtime.keep(runtime.reshape(x, x.shape));
        return whole.apply(variables, x, context);
      },
    }),
  ),
  layerMutant(
    'embedding',
    'the key does not matter',
    { input: { shape: [2, 3], dtype: 'int32', values: [0, 1, 2, 3, 4, 1] }, anyShape: true },
    () => embedding(5, 3),
    (whole) => ({ init: (key, shape) => whole.init(key.runtime.key(0), shape) }),
  ),
  layerMutant(
    'convTranspose2d',
    'it promises the input’s size',
    { input: images },
    () => convTranspose2d({ filters: 2, size: 3, stride: 2 }),
    (whole) => ({ init: (key, shape) => ({ ...whole.init(key, shape), output: shape }) }),
  ),
  layerMutant(
    'separableConv2d',
    'the pointwise filters have no gradient',
    { input: images },
    () => separableConv2d({ filters: 2, size: 2 }),
    (whole) => ({
      apply({ params, state }, x, context) {
        const { pointwise, ...rest } = params as { readonly pointwise: Tensor; readonly depthwise: Tensor };
        const still = runtime.untracked(() => mul(pointwise, 1));
        return whole.apply({ params: { ...rest, pointwise: still }, state }, x, context);
      },
    }),
  ),
];

export const breadthMutants: readonly Mutant[] = [...ops, ...layers];
