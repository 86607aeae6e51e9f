/** Uses of the sequence ops and of their gradients: one table of sizes for all cells. */
import type { CaseInput, HostTensor, OpCase, OpCases, Tensor } from '@dendrite/spec';
import { gruSequence } from '../gru/gru-op.ts';
import { lstmSequence } from '../lstm/lstm-op.ts';
import { simpleRnnSequence } from '../simple-rnn/simple-rnn-op.ts';
import { loops, units } from './loops.fixture.ts';
import type { Recurrence } from './recurrence-op.ts';

interface Use {
  readonly name: string;
  readonly B: number;
  readonly T: number;
  readonly H: number;
  readonly lengths?: readonly number[];
  readonly reverse?: boolean;
  readonly activation?: string;
  readonly scale?: number;
  readonly benchmark?: boolean;
}
const uses: readonly Use[] = [
  { name: 'plain', B: 2, T: 3, H: 4 },
  { name: 'one row, one step, one unit', B: 1, T: 1, H: 1 },
  { name: 'odd sizes', B: 3, T: 5, H: 7 },
  { name: 'no steps: the states pass through', B: 2, T: 0, H: 3 },
  { name: 'no rows', B: 0, T: 2, H: 3 },
  { name: 'backwards', B: 2, T: 4, H: 3, reverse: true },
  { name: 'ragged: whole, cut, one step, none', B: 4, T: 4, H: 3, lengths: [4, 2, 1, 0] },
  { name: 'ragged and backwards', B: 3, T: 4, H: 2, lengths: [1, 4, 3], reverse: true },
  { name: 'saturated', B: 2, T: 3, H: 3, scale: 12 },
  { name: 'input and hidden of 128, 100 steps', B: 32, T: 100, H: 128, benchmark: true },
];

/** The op on a case's inputs, lengths as the case has them. */
function inputsOf({ rule }: Recurrence, { B, T, H, scale = 1 }: Use): readonly CaseInput[] {
  const width = rule.gates * H;
  const reach = (limit: number): readonly [number, number] => [-limit, limit];
  return [
    { shape: [B, T, width], range: reach(2 * scale) },
    { shape: [H, width], range: reach(scale) },
    ...(rule.recurrentBias ? [{ shape: [width], range: reach(1) }] : []),
    { shape: [B, H], range: reach(1) },
    ...(rule.states === 2 ? [{ shape: [B, H], range: reach(2) }] : []),
  ];
}
const withLengths = (tensors: readonly Tensor[], { B, lengths }: Use): readonly Tensor[] => {
  const runtime = tensors[0]?.runtime;
  return lengths && runtime ? [...tensors, runtime.tensor(Int32Array.from(lengths), [B], 'int32')] : tensors;
};
const attributesOf = ({ reverse = false, activation }: Use) => ({ reverse, ...(activation && { activation }) });

function tableOf(of: Recurrence, unit: keyof typeof units, all: readonly Use[]): OpCases {
  const { rule, op } = of;
  return {
    op,
    cases: all.map(
      (use): OpCase => ({
        name: `${rule.called}: ${use.name}`,
        inputs: inputsOf(of, use),
        run: (tensors) => tensors[0]?.runtime.run(op, withLengths(tensors, use), attributesOf(use)) ?? [],
        reference(inputs): readonly HostTensor[] {
          const [projected, recurrent, ...rest] = inputs;
          if (!projected || !recurrent) return [];
          const [recurrentBias, states] = rule.recurrentBias ? [rest[0], rest.slice(1)] : [undefined, rest];
          return loops(units[unit], rule.gates, {
            projected,
            recurrent,
            states,
            ...(recurrentBias && { recurrentBias }),
            ...(use.lengths && { lengths: use.lengths }),
            ...(use.activation && { activation: use.activation }),
            reverse: use.reverse === true,
          });
        },
        ...(use.benchmark && { benchmark: true }),
      }),
    ),
  };
}

/** The gradient op on made-up cotangents and residuals: backends are compared with float64 on the CPU; the op's own cases judge what it means. */
function gradientTableOf({ rule, gradientOp }: Recurrence, all: readonly Use[]): OpCases {
  const { states, kept, gates } = rule;
  return {
    op: gradientOp,
    cases: all.map((use): OpCase => {
      const { B, T, H } = use;
      const state: CaseInput = { shape: [B, H], range: [-1, 1] };
      const each = Array.from({ length: states }, () => state);
      return {
        name: `${rule.called} gradient: ${use.name}`,
        inputs: [
          { shape: [B, T, H] },
          ...each,
          { shape: [H, gates * H], range: [-1, 1] },
          ...each,
          ...(kept > 0 ? [{ shape: [T, kept, B, H], range: [0.1, 0.9] as const }] : []),
          ...each.map(() => ({ shape: [T, B, H], range: [0.1, 0.9] as const })),
        ],
        run: (tensors) => tensors[0]?.runtime.run(gradientOp, withLengths(tensors, use), attributesOf(use)) ?? [],
        differentiable: [],
        ...(use.benchmark && { benchmark: true }),
      };
    }),
  };
}

const activations = (activation: string): readonly Use[] =>
  uses.map((use) => ({ ...use, name: `${activation}, ${use.name}`, activation }));
// relu's kink, and values that grow from step to step, are no places for differences of gradients.
const simpleUses = [
  ...activations('tanh'),
  ...activations('relu').filter(({ scale, T }) => scale === undefined && T < 5),
];

export const recurrenceCases: readonly OpCases[] = [
  tableOf(lstmSequence, 'lstm', uses),
  tableOf(gruSequence, 'gru', uses),
  tableOf(simpleRnnSequence, 'simpleRnn', simpleUses),
  gradientTableOf(lstmSequence, uses),
  gradientTableOf(gruSequence, uses),
  gradientTableOf(simpleRnnSequence, simpleUses),
];
