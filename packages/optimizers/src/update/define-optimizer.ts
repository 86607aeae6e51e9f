/**
 * From a row to a factory. A row says an optimizer's options with their defaults, its slots, the numbers that the host computes
 * for a step, and its formula; checking options, walking trees, guarding against NaN and saving are the same for all.
 */
import type { Attributes, Expression, Json, Optimizer, Tree } from '@dendrite/spec';
import { checkOptions, type Rule } from '../option/check-options.ts';
import { makeOptimizer } from './make-optimizer.ts';
import { updateOp } from './update-op.ts';

export type OptimizerFactory<O extends object, S extends Tree> = (options?: O) => Optimizer<S>;

/** `O`: its options. `S`: its state, a tree like the parameters' for each slot. `N`: names of its step scalars. */
export interface OptimizerRow<O extends object, S extends object, N extends string> {
  readonly name: `optimizers/${string}`;
  /** The factory's name, for messages. */
  readonly factory: string;
  readonly options: { readonly [K in keyof O]-?: readonly [standard: Required<O>[K], rule: Rule] };
  /** What no rule of one option can say. @throws OPTION */
  check?(options: Required<O>): void;
  /** First value of each slot that these options ask for. */
  slots(options: Required<O>): { readonly [K in keyof S]: number };
  /** Of step `step`, counted from 1, on the host in float64. */
  scalars(step: number, learningRate: number, options: Required<O>): Readonly<Record<N, number>>;
  /** The next parameter and slots. Without the learning rate: it changes from step to step, so it comes as a scalar. */
  update(
    inputs: {
      readonly parameter: Expression;
      readonly gradient: Expression;
      readonly slots: { readonly [K in keyof S]: Expression };
      readonly scalars: Readonly<Record<N, Expression>>;
    },
    options: Omit<Required<O>, 'learningRate'>,
  ): { readonly parameter: Expression } & { readonly [K in keyof S]: Expression };
}

/**
 * @example
 * import type { Tree } from '@dendrite/spec';
 * import { defineOptimizer } from '@dendrite/optimizers';
 * const signed = defineOptimizer<{ readonly learningRate?: number }, Readonly<Record<never, Tree>>, 'rate'>({
 *   name: 'optimizers/signed',
 *   factory: 'signed',
 *   options: { learningRate: [0.01, { must: 'be above 0', holds: (v) => Number(v) > 0 }] },
 *   slots: () => ({}),
 *   scalars: (_step, rate) => ({ rate }),
 *   update: ({ parameter, gradient, scalars: { rate } }) => ({
 *     parameter: { binary: 'sub', x: parameter, y: { binary: 'mul', x: rate, y: { unary: 'sign', x: gradient } } },
 *   }),
 * });
 */
export function defineOptimizer<O extends object, S extends { readonly [K in keyof S]: Tree }, N extends string>(
  row: OptimizerRow<O, S, N>,
): OptimizerFactory<O, S & Tree> {
  const rules = Object.entries<readonly [unknown, Rule]>(row.options);
  const standard = Object.fromEntries(rules.map(([name, [value]]) => [name, value]));
  const names = { rules: Object.fromEntries(rules.map(([name, [, rule]]) => [name, rule])) };
  // The attributes of the op are the options, so a formula may read them as such.
  const optionsOf = (attributes: object): Required<O> => attributes as Required<O>;
  const op = updateOp({
    name: row.name,
    slots: (attributes) => Object.keys(row.slots(optionsOf(attributes))),
    scalars: (attributes) => Object.keys(row.scalars(1, 0, optionsOf(attributes))),
    successors: (inputs, attributes) =>
      row.update(inputs as Parameters<typeof row.update>[0], optionsOf(attributes)) as Readonly<
        Record<string, Expression>
      >,
  });
  return (given) => {
    checkOptions(row.factory, { ...given }, names.rules);
    const filled: object = { ...standard, ...definedOf(given) };
    const options = optionsOf(filled);
    row.check?.(options);
    const { learningRate = 0, ...attributes } = filled as { readonly learningRate?: number } & Attributes;
    return makeOptimizer<S & Tree>({
      name: row.name,
      config: filled as Json,
      learningRate,
      op,
      attributes,
      slots: Object.entries<number>(row.slots(options)).map(([name, initial]) => ({ name, initial })),
      scalarNames: Object.keys(row.scalars(1, learningRate, options)),
      scalars: (step, rate) => row.scalars(step, rate, options),
    });
  };
}

const definedOf = (options: object | undefined): object =>
  Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined));
