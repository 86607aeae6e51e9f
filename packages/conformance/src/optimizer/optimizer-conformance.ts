/** The optimizer kit: state in and out, memory, step scalars, the guard against NaN, and that it goes downhill. Long: one list of cases. */
import type { Optimizer, Runtime, StepScalars, Tensor, Tree, TreeOf } from '@dendrite/spec';
import { checkClose, checkSameBits } from '../compare/compare.ts';
import { makeInput } from '../inputs/make-input.ts';
import { copyTree, disposeTree, leavesOf, mapped, readTree } from '../inputs/trees.ts';
import { check, type ExpectedFailures, type KitCase, withExpectedFailures } from '../kit/kit-case.ts';
import { leavesNothing } from '../kit/live.ts';
import { raises } from '../kit/raises.ts';

/** The update rule written out in plain numbers: the parameters after each step, for gradients `g[step][i]`. */
export type PlainRule = (
  initial: readonly number[],
  gradients: readonly (readonly number[])[],
) => readonly (readonly number[])[];

export interface OptimizerKit {
  readonly runtime: Runtime;
  /** The rule in plain numbers: what the values of 5 steps must be. */
  readonly rule?: PlainRule;
  /** Steps on a bowl and by what factor its height must fall. Default 60 and 0.5. */
  readonly descent?: { readonly steps: number; readonly factor: number };
  readonly expectedFailures?: ExpectedFailures;
}

type Update = (
  params: Tree,
  gradients: Tree,
  state: Tree,
  scalars: StepScalars,
) => { readonly params: Tree; readonly state: Tree };

/**
 * Cases for any `Optimizer`: parameters and state are consumed and nothing else is left, gradients stay the caller's, scalars are
 * finite, equal steps give equal bits, `proceed: 0` holds everything even against NaN, a bowl is descended, wrong trees are
 * refused; and, given the rule in plain numbers, the values are its.
 * @param make  a fresh optimizer each time
 */
export function optimizerConformance(make: () => Optimizer, kit: OptimizerKit): readonly KitCase[] {
  const { runtime, rule } = kit;
  const sizes: readonly (readonly number[])[] = [[3, 4], [5], [], [1, 1]];
  const parameters = (seed = 'params'): Tree => ({
    stem: { weight: tensor(sizes[0] ?? [], seed, 0), bias: tensor(sizes[1] ?? [], seed, 1) },
    heads: [tensor(sizes[2] ?? [], seed, 2), tensor(sizes[3] ?? [], seed, 3)],
  });
  const tensor = (shape: readonly number[], seed: string, i: number): Tensor =>
    runtime.tensor(makeInput({ shape }, `${seed}/${i}`).data, shape);
  const scalarsOf = (
    optimizer: Optimizer,
    step: number,
    rate = optimizer.learningRate,
    proceed?: number,
  ): StepScalars => {
    const numbers = { ...optimizer.scalars(step, rate), ...(proceed !== undefined && { proceed }) };
    return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, runtime.tensor(value, [])]));
  };
  const updateOf =
    (optimizer: Optimizer): Update =>
    (params, gradients, state, scalars) =>
      optimizer.update(params, gradients as TreeOf<Tree, Tensor>, state, scalars);
  /** The gradients of a loss that was multiplied as the optimizer asks for. */
  const scaled = async (optimizer: Optimizer, state: Tree, gradients: Tree): Promise<Tree> => {
    const factor = optimizer.lossScale?.(state).scale;
    if (factor === undefined) return gradients;
    const [value = Number.NaN] = await factor.data(factor.dtype);
    const values = await readTree(gradients);
    const large = mapped(gradients, ({ shape, dtype }, path) => {
      const data = Array.from(values.get(path)?.data ?? [], (each) => each * value);
      return runtime.tensor(dtype === 'float64' ? Float64Array.from(data) : Float32Array.from(data), shape, dtype);
    });
    disposeTree(gradients);
    return large;
  };
  /** Steps from the same start with the same gradients; reads the parameters after each. */
  const walk = async (
    optimizer: Optimizer,
    steps: number,
    start: Tree,
    gradient: (step: number, params: Tree) => Promise<Tree> | Tree,
  ) => {
    const update = updateOf(optimizer);
    let params = start;
    let state: Tree = optimizer.init(params);
    for (let step = 1; step <= steps; step++) {
      const gradients = await scaled(optimizer, state, await gradient(step, params));
      const scalars = scalarsOf(optimizer, step);
      const next = update(params, gradients, state, scalars);
      disposeTree(gradients);
      disposeTree(scalars);
      params = next.params;
      state = next.state;
    }
    return { params, state };
  };

  const cases: KitCase[] = [
    {
      name: 'optimizer: is a frozen description that JSON can hold',
      async run() {
        const optimizer = make();
        check(Object.isFrozen(optimizer), 'must be frozen');
        check(
          optimizer['~dendrite'] === 'optimizer' && /^[\w-]+\/[\w-]+$/.test(optimizer.name),
          `must be named 'package/name', got '${optimizer.name}'`,
        );
        check(
          JSON.stringify(JSON.parse(JSON.stringify(optimizer.config))) === JSON.stringify(optimizer.config),
          'its config must survive JSON',
        );
        check(
          optimizer.learningRate >= 0,
          `its learning rate must be a number from 0 on, got ${optimizer.learningRate}`,
        );
      },
    },
    {
      name: 'optimizer: scalars are finite numbers from the first step to the millionth',
      async run() {
        const optimizer = make();
        const names = Object.keys(optimizer.scalars(1, 0.1)).join();
        for (const step of [1, 2, 10, 1000, 1_000_000]) {
          const numbers = optimizer.scalars(step, 0.1);
          check(Object.keys(numbers).join() === names, `step ${step} must have the same scalars as step 1`);
          for (const [name, value] of Object.entries(numbers))
            check(Number.isFinite(value), `${name} of step ${step} must be finite, got ${value}`);
        }
      },
    },
    {
      name: 'optimizer: consumes parameters and state, leaves gradients and scalars, and nothing else',
      run: () =>
        leavesNothing(runtime, 'three steps', async () => {
          const optimizer = make();
          const update = updateOf(optimizer);
          let params: Tree = parameters();
          let state: Tree = optimizer.init(params);
          for (let step = 1; step <= 3; step++) {
            const gradients = parameters(`gradient ${step}`);
            const before = await readTree(gradients);
            const scalars = scalarsOf(optimizer, step);
            const next = update(params, gradients, state, scalars);
            for (const { path, tensor: old } of [...leavesOf(params), ...leavesOf(state)])
              check(!old.alive, `step ${step} must consume '${path}'`);
            for (const { path, tensor: own } of [...leavesOf(gradients), ...leavesOf(scalars)])
              check(own.alive, `step ${step} must leave the caller's '${path}' alone`);
            for (const [path, value] of await readTree(gradients)) {
              const wanted = before.get(path);
              if (wanted) checkSameBits(`gradient '${path}' after step ${step}`, value, wanted);
            }
            check(
              leavesOf(next.params)
                .map(({ path }) => path)
                .join() ===
                leavesOf(gradients)
                  .map(({ path }) => path)
                  .join(),
              'the successors must have the paths of the parameters',
            );
            disposeTree(gradients);
            disposeTree(scalars);
            params = next.params;
            state = next.state;
          }
          disposeTree(params);
          disposeTree(state);
        }),
    },
    {
      name: 'optimizer: the same steps give the same bits',
      async run() {
        const run = async () => {
          const { params, state } = await walk(make(), 4, parameters(), (step) => parameters(`gradient ${step}`));
          const values = await readTree(params);
          disposeTree(params);
          disposeTree(state);
          return values;
        };
        const first = await run();
        for (const [path, value] of await run()) {
          const wanted = first.get(path);
          if (wanted) checkSameBits(`'${path}' the second time`, value, wanted);
        }
      },
    },
    {
      name: 'optimizer: with proceed 0 everything passes through unchanged, NaN gradients too; with 1 it steps',
      async run() {
        const optimizer = make();
        const update = updateOf(optimizer);
        const once = await walk(optimizer, 1, parameters(), () => parameters('gradient'));
        const params = await readTree(once.params);
        const state = await readTree(once.state);
        const poisoned = mapped(once.params, (each) =>
          runtime.tensor(new Float32Array(each.size).fill(Number.NaN), each.shape),
        );
        const held = scalarsOf(optimizer, 2, optimizer.learningRate, 0);
        const next = update(once.params, poisoned, once.state, held);
        for (const [what, values, wanted] of [
          ['parameter', await readTree(next.params), params],
          ['state', await readTree(next.state), state],
        ] as const)
          for (const [path, value] of values) {
            const before = wanted.get(path);
            if (before) checkSameBits(`${what} '${path}' after a held step`, value, before);
          }
        const gradients = parameters('gradient');
        const going = scalarsOf(optimizer, 2, 0.5, 1);
        const stepped = update(next.params, gradients, next.state, going);
        const moved = await readTree(stepped.params);
        check(
          [...moved].some(([path, { data }]) => data.some((value, i) => value !== params.get(path)?.data[i])),
          'with proceed 1 the parameters must move',
        );
        for (const tree of [poisoned, held, gradients, going, stepped.params, stepped.state]) disposeTree(tree);
      },
    },
    {
      name: 'optimizer: a learning rate of 0 moves nothing',
      async run() {
        const optimizer = make();
        const start = parameters();
        const before = await readTree(start);
        const gradients = parameters('gradient');
        const scalars = scalarsOf(optimizer, 1, 0);
        const next = updateOf(optimizer)(start, gradients, optimizer.init(start), scalars);
        for (const [path, value] of await readTree(next.params)) {
          const wanted = before.get(path);
          if (wanted) checkSameBits(`'${path}'`, value, wanted);
        }
        for (const tree of [gradients, scalars, next.params, next.state]) disposeTree(tree);
      },
    },
    {
      name: 'optimizer: goes down a bowl',
      async run() {
        const { steps, factor } = kit.descent ?? { steps: 60, factor: 0.5 };
        const target = 0.3;
        const start = parameters('bowl');
        const height = async (tree: Tree): Promise<number> => {
          let sum = 0;
          for (const [, { data }] of await readTree(tree)) for (const value of data) sum += (value - target) ** 2;
          return sum;
        };
        const before = await height(start);
        const end = await walk(make(), steps, start, async (_, params) => {
          const values = await readTree(params);
          return mapped(params, (each, path) =>
            runtime.tensor(
              Float32Array.from(values.get(path)?.data ?? [], (value) => 2 * (value - target)),
              each.shape,
            ),
          );
        });
        const after = await height(end.params);
        disposeTree(end.params);
        disposeTree(end.state);
        check(
          after <= factor * before,
          `${steps} steps must bring the bowl's ${before} to at most ${factor * before}, got ${after}`,
        );
      },
    },
    {
      name: 'optimizer: gradients of another form are refused by name',
      async run() {
        const optimizer = make();
        const params = parameters();
        const state: Tree = optimizer.init(params);
        const scalars = scalarsOf(optimizer, 1);
        const wrong: Tree = { stem: tensor([3, 4], 'wrong', 0) };
        await raises('a gradient tree of another form', ['SHAPE', 'OPTION'], () =>
          updateOf(optimizer)(params, wrong, state, scalars),
        );
        check(
          leavesOf(params).every(({ tensor: each }) => each.alive),
          'a refused update must not consume the parameters',
        );
        for (const tree of [params, state, scalars, wrong]) disposeTree(tree);
      },
    },
  ];
  if (make().evaluated)
    cases.push({
      name: 'optimizer: what it evaluates with lies among the parameters so far',
      async run() {
        const optimizer = make();
        let params = parameters();
        let state: Tree = optimizer.init(params);
        const seen = [await readTree(params)];
        const among = async (): Promise<void> => {
          const evaluated = await readTree(optimizer.evaluated?.(params, state) ?? params);
          check(
            [...evaluated.keys()].join() ===
              leavesOf(params)
                .map(({ path }) => path)
                .join(),
            'it must be a tree like the parameters',
          );
          for (const [path, { data }] of evaluated)
            for (const [i, value] of Array.from(data).entries()) {
              const values = seen.map((each) => each.get(path)?.data[i] ?? Number.NaN);
              const [low, high] = [Math.min(...values), Math.max(...values)];
              const margin = 1e-5 * Math.max(1, Math.abs(low), Math.abs(high));
              check(
                value >= low - margin && value <= high + margin,
                `'${path}' must lie in [${low}, ${high}] at ${i} after ${seen.length - 1} steps, got ${value}`,
              );
            }
        };
        await among();
        for (let step = 1; step <= 3; step++) {
          const gradients = await scaled(optimizer, state, parameters(`gradient ${step}`));
          const scalars = scalarsOf(optimizer, step);
          const next = updateOf(optimizer)(params, gradients, state, scalars);
          for (const tree of [gradients, scalars]) disposeTree(tree);
          ({ params, state } = next);
          seen.push(await readTree(params));
          await among();
        }
        disposeTree(params);
        disposeTree(state);
      },
    });
  if (rule)
    cases.push({
      name: 'optimizer: values are those of its rule in plain numbers',
      async run() {
        const optimizer = make();
        const gradients = Array.from({ length: 5 }, (_, step) => [...makeInput({ shape: [7] }, `rule/${step}`).data]);
        const initial = [...makeInput({ shape: [7] }, 'rule/initial').data];
        const wanted = rule(initial, gradients);
        let params: Tree = [runtime.tensor(initial, [7])];
        let state: Tree = optimizer.init(params);
        for (const [step, values] of gradients.entries()) {
          const given = await scaled(optimizer, state, [runtime.tensor([...values], [7])]);
          const scalars = scalarsOf(optimizer, step + 1);
          const next = updateOf(optimizer)(params, given, state, scalars);
          disposeTree(given);
          disposeTree(scalars);
          params = next.params;
          state = next.state;
          const value = (await readTree(params)).get('0');
          if (value) checkClose(`after step ${step + 1}`, value, { shape: [7], data: wanted[step] ?? [] }, 2e-6, 1);
        }
        disposeTree(params);
        disposeTree(state);
      },
    });
  if (runtime.device.dtypes.has('float64'))
    cases.push({
      name: 'optimizer: float64 parameters stay float64',
      async run() {
        const start = parameters();
        const params = await copyTree(start, runtime, 'float64');
        disposeTree(start);
        const end = await walk(make(), 2, params, (step) =>
          copyTree(parameters(`gradient ${step}`), runtime, 'float64'),
        );
        for (const { path, tensor: each } of [...leavesOf(end.params), ...leavesOf(end.state)])
          check(each.dtype === 'float64', `'${path}' must stay float64, got ${each.dtype}`);
        disposeTree(end.params);
        disposeTree(end.state);
      },
    });
  return withExpectedFailures(`optimizer kit of ${make().name}`, cases, kit.expectedFailures);
}
