/** Broken optimizers and wrappers: killed by the optimizer kit with the rule in plain numbers. */
import { optimizerConformance, type PlainRule } from '@dendrite/conformance';
import { consume, cpu, createRuntime, leaves, rebuild, stopGradient, zerosLike } from '@dendrite/core';
import {
  accumulated,
  adaDelta,
  adaMax,
  adam,
  averaged,
  grouped,
  linearRate,
  lion,
  lossScaled,
  nadam,
  radam,
  rprop,
  scheduled,
  sgd,
} from '@dendrite/optimizers';
import type { Expression, Optimizer, Tensor, Tree, TreeOf } from '@dendrite/spec';
import { expressions, runtimeWith } from './broken-runtime.ts';
import type { Mutant } from './mutant.ts';
import {
  accumulatedRule,
  adaDeltaRule,
  adaMaxRule,
  adamRule,
  lionRule,
  momentumRule,
  nadamRule,
  radamRule,
  rpropRule,
  sgdRule,
} from './plain-rules.ts';

const runtime = await createRuntime({ backends: [cpu()] });

interface Whole {
  readonly subject: string;
  readonly make: () => Optimizer;
  readonly rule: PlainRule;
}

/** Another member in place of the optimizer's own. */
const changed = (
  { subject, make, rule }: Whole,
  fault: string,
  change: (whole: Optimizer) => Partial<Optimizer>,
): Mutant => ({
  kind: 'optimizer',
  name: `${subject}: ${fault}`,
  subject,
  cases: async (broken) =>
    optimizerConformance(() => (broken ? Object.freeze({ ...make(), ...change(make()) }) : make()), { runtime, rule }),
});

type NodeChange = (node: Expression) => Expression;
function rewritten(node: Expression, change: NodeChange): Expression {
  const inner = (each: Expression): Expression => rewritten(each, change);
  if ('where' in node) return change({ where: inner(node.where), x: inner(node.x), y: inner(node.y) });
  if ('binary' in node) return change({ ...node, x: inner(node.x), y: inner(node.y) });
  if ('unary' in node || 'cast' in node) return change({ ...node, x: inner(node.x) });
  return node;
}

/** Another formula: every node of the update op goes through `change`. */
const misprinted = ({ subject, make, rule }: Whole, fault: string, change: NodeChange): Mutant => ({
  kind: 'optimizer',
  name: `${subject}: ${fault}`,
  subject,
  async cases(broken) {
    if (!broken) return optimizerConformance(make, { runtime, rule });
    const faulty = await runtimeWith(
      make().name,
      expressions((op) => ({ expressions: (given) => op.expressions(given).map((each) => rewritten(each, change)) })),
    );
    return optimizerConformance(make, { runtime: faulty, rule });
  },
});

const without =
  (name: string): NodeChange =>
  (node) =>
    'unary' in node && node.unary === name ? node.x : node;

const adams: Whole = { subject: 'adam', make: () => adam({ learningRate: 0.05 }), rule: adamRule };
const momentum: Whole = {
  subject: 'sgd with momentum',
  make: () => sgd({ learningRate: 0.02, momentum: 0.9 }),
  rule: momentumRule,
};
const ramp: Whole = {
  subject: 'scheduled',
  make: () => scheduled(sgd({ learningRate: 0.1 }), linearRate({ from: 0.1, to: 1, steps: 10 })),
  rule: sgdRule((step) => 0.1 * (0.1 + (0.9 * (step - 1)) / 10)),
};
const mean: Whole = {
  subject: 'averaged',
  make: () => averaged(sgd({ learningRate: 0.1 }), { decay: 0.9 }),
  rule: sgdRule(() => 0.1),
};
const pairs: Whole = {
  subject: 'accumulated',
  make: () => accumulated(sgd({ learningRate: 0.1 }), { batches: 2 }),
  rule: accumulatedRule,
};
const groups: Whole = {
  subject: 'grouped',
  make: () =>
    grouped(sgd({ learningRate: 0.02 }), [{ parameters: ['0', '*.weight'], optimizer: sgd({ learningRate: 0.1 }) }]),
  rule: sgdRule(() => 0.1),
};
const scaled: Whole = {
  subject: 'loss scaled',
  make: () => lossScaled(sgd({ learningRate: 0.1 }), { scale: 1024 }),
  rule: sgdRule(() => 0.1),
};

const leavesOf = (tree: Tree): Tensor[] => leaves(tree).map(({ tensor }) => tensor);
const copied = (tree: Tree): Tree => {
  if ('~dendrite' in tree) return stopGradient(tree as Tensor);
  if (Array.isArray(tree)) return tree.map(copied);
  return Object.fromEntries(
    Object.entries(tree as Readonly<Record<string, Tree>>).map(([key, each]) => [key, copied(each)]),
  );
};

export const optimizerMutants: readonly Mutant[] = [
  changed(adams, 'the bias towards 0 is not corrected', () => ({
    scalars: (_step, learningRate) => ({ stepSize: learningRate, inverseRoot: 1 }),
  })),
  changed(momentum, 'the velocity is forgotten after each step', (whole) => ({
    update(params, gradients, state, scalars) {
      const next = whole.update(params, gradients, state, scalars);
      for (const velocity of leavesOf(next.state)) velocity.dispose();
      return { params: next.params, state: whole.init(next.params) };
    },
  })),
  changed(adams, 'proceed is ignored: a NaN gradient is stepped with', (whole) => ({
    update(params, gradients, state, { proceed: _ignored, ...scalars }) {
      return whole.update(params, gradients, state, scalars);
    },
  })),
  changed(adams, 'the old parameters stay alive (leak)', (whole) => ({
    update<P extends Tree>(
      params: P,
      gradients: TreeOf<P, Tensor>,
      state: Tree,
      scalars: Readonly<Record<string, Tensor<readonly []>>>,
    ) {
      return whole.update(copied(params) as P, gradients, state, scalars);
    },
  })),
  misprinted(
    { subject: 'adaMax', make: () => adaMax({ learningRate: 0.05 }), rule: adaMaxRule },
    'the gradient’s sign counts for its size',
    without('abs'),
  ),
  changed(
    { subject: 'nadam', make: () => nadam({ learningRate: 0.05 }), rule: nadamRule },
    'the mean is taken for the gradient',
    (whole) => ({
      scalars: (step, rate) => ({
        ...whole.scalars(step, rate),
        meanStep: whole.scalars(step, rate).gradientStep ?? 0,
      }),
    }),
  ),
  changed(
    { subject: 'radam', make: () => radam({ learningRate: 0.05, beta2: 0.9 }), rule: radamRule },
    'squares are trusted from the start',
    (whole) => ({
      scalars(step, rate) {
        const { plainStep = 0, rectifiedStep = 0 } = whole.scalars(step, rate);
        return { plainStep: 0, rectifiedStep: rectifiedStep + plainStep };
      },
    }),
  ),
  misprinted(
    { subject: 'adaDelta', make: () => adaDelta({ epsilon: 1e-3 }), rule: adaDeltaRule },
    'the roots are forgotten',
    without('sqrt'),
  ),
  misprinted({ subject: 'rprop', make: () => rprop(), rule: rpropRule }, 'steps grow where the sign changes', (node) =>
    'binary' in node && node.binary === 'lt' ? { ...node, x: node.y, y: node.x } : node,
  ),
  misprinted(
    { subject: 'lion', make: () => lion({ learningRate: 0.02, weightDecay: 0.1 }), rule: lionRule },
    'the direction’s size counts',
    without('sign'),
  ),
  changed(ramp, 'the rate never changes', () => ({
    scalars: (step, rate) => sgd().scalars(step, rate),
  })),
  changed(mean, 'the average starts at 0', (whole) => ({
    init(params) {
      const { inner = {}, average = {} } = whole.init(params) as Readonly<Record<string, Tree>>;
      const zeros = rebuild(average, (tensor) => zerosLike(tensor));
      for (const tensor of leavesOf(average)) tensor.dispose();
      return { inner, average: zeros };
    },
  })),
  changed(pairs, 'the sum is taken for the mean', (whole) => ({
    scalars: (step, rate) => ({ ...whole.scalars(step, rate), 'gathered.part': 1 }),
  })),
  changed(groups, 'every group has the rate of the rest', (whole) => ({
    scalars: (step, rate) => ({ ...whole.scalars(step, rate), '0.learningRate': rate }),
  })),
  changed(scaled, 'the scale stays in the gradients', () => ({
    update<P extends Tree>(
      params: P,
      gradients: TreeOf<P, Tensor>,
      { inner = {}, ...own }: Readonly<Record<string, Tree>>,
      scalars: Readonly<Record<string, Tensor<readonly []>>>,
    ) {
      const plain: Optimizer = sgd();
      const next = plain.update(params, gradients, inner, scalars);
      const kept = copied(own);
      consume(own);
      return { params: next.params, state: { inner: next.state, ...kept } };
    },
  })),
];
