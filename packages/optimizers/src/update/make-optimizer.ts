/** From an update op to an `Optimizer`: walks the trees, checks them, and consumes what a step replaces. */
import { cast, consume, fill, leaves, mapTree } from '@dendrite/core';
import {
  type Attributes,
  DendriteError,
  type DType,
  type ExpressionOp,
  type Json,
  type Optimizer,
  type StepNumbers,
  type StepScalars,
  type Tensor,
  type Tree,
} from '@dendrite/spec';
import { checkLeaves, type Leaf } from './check-leaves.ts';

export interface OptimizerRecipe {
  readonly name: `optimizers/${string}`;
  readonly config: Json;
  readonly learningRate: number;
  readonly op: ExpressionOp;
  readonly attributes: Attributes;
  /** Names and first values of the slots. */
  readonly slots: readonly { readonly name: string; readonly initial: number }[];
  /** Names of the step scalars, in the order in which the op takes them. */
  readonly scalarNames: readonly string[];
  scalars(step: number, learningRate: number): StepNumbers;
}

export function makeOptimizer<O extends Tree>(recipe: OptimizerRecipe): Optimizer<O> {
  const plain: Attributes = Object.freeze({ ...recipe.attributes, guarded: false });
  const guarded: Attributes = Object.freeze({ ...plain, guarded: true });
  const optimizer: Optimizer = {
    '~dendrite': 'optimizer',
    name: recipe.name,
    config: recipe.config,
    learningRate: recipe.learningRate,
    init(params) {
      parameters(recipe.name, params);
      const slots: Record<string, Tree> = {};
      for (const { name, initial } of recipe.slots) slots[name] = mapTree(params, (p) => fill(p.runtime, p, initial));
      return slots;
    },
    scalars(step, learningRate) {
      if (!Number.isInteger(step) || step < 1)
        throw new DendriteError(
          'OPTION',
          `${recipe.name} scalars(): step must be an integer from 1 on, got ${step}. Count steps from 1.`,
        );
      return recipe.scalars(step, learningRate);
    },
    update(params, gradients, state, scalars) {
      const before = parameters(recipe.name, params);
      const steps = checkLeaves(recipe.name, 'gradients', before, gradients);
      const slots = recipe.slots.map(({ name }) =>
        checkLeaves(recipe.name, `state.${name}`, before, slotOf(recipe.name, state, name)),
      );
      const sent = stepScalars(recipe, scalars, before);
      const attributes = scalars.proceed === undefined ? plain : guarded;
      const after = new Map<string, readonly Tensor[]>();
      try {
        before.forEach(({ path, tensor }, i) => {
          const gradient = steps[i] ?? tensor;
          const own = slots.map((slot) => slot[i] ?? tensor);
          after.set(
            path,
            tensor.runtime.run(recipe.op, [tensor, gradient, ...own, ...sent.of(tensor.dtype)], attributes),
          );
        });
      } catch (error) {
        for (const made of after.values()) for (const tensor of made) tensor.dispose();
        throw error;
      } finally {
        sent.dispose();
      }
      consume([params, state]);
      const successor = (j: number): Tree => mapTree(params as Tree, (tensor, path) => after.get(path)?.[j] ?? tensor);
      const next: Record<string, Tree> = {};
      recipe.slots.forEach(({ name }, j) => {
        next[name] = successor(j + 1);
      });
      return { params: successor(0) as typeof params, state: next };
    },
  };
  return Object.freeze(optimizer) as Optimizer<O>;
}

/** The leaves of a parameter tree: float, and each tensor once. */
function parameters(name: string, params: Tree): readonly Leaf[] {
  const found = leaves(params);
  const paths = new Map<Tensor, string>();
  for (const { path, tensor } of found) {
    if (tensor.dtype !== 'float32' && tensor.dtype !== 'float64')
      throw new DendriteError(
        'DTYPE',
        `${name}: parameter '${path}' must be float32 or float64, got ${tensor.dtype}. Keep it in the layer's state instead.`,
      );
    const other = paths.get(tensor);
    if (other !== undefined)
      throw new DendriteError(
        'OPTION',
        `${name}: every parameter must be a tensor of its own, got one tensor as '${other}' and '${path}'. To share weights, call one layer twice in a network().`,
      );
    paths.set(tensor, path);
  }
  return found;
}

function slotOf(name: string, state: Tree, slot: string): Tree {
  const found = (state as { readonly [name: string]: Tree })[slot];
  if (found === undefined)
    throw new DendriteError(
      'OPTION',
      `${name} update(): state must hold '${slot}', got ${Object.keys(state).join(', ') || 'nothing'}. Pass what init() or the last update() gave.`,
    );
  return found;
}

/** The step's scalars in the order of the op, in the dtype of each parameter. */
function stepScalars(
  recipe: OptimizerRecipe,
  scalars: StepScalars,
  params: readonly Leaf[],
): { of(dtype: DType): readonly Tensor[]; dispose(): void } {
  const names = scalars.proceed === undefined ? recipe.scalarNames : [...recipe.scalarNames, 'proceed'];
  const given = names.map((name): Tensor => {
    const scalar = scalars[name];
    if (scalar === undefined)
      throw new DendriteError(
        'OPTION',
        `${recipe.name} update(): scalars must hold ${names.join(', ')}, got ${Object.keys(scalars).join(', ') || 'none'}. Pass stepScalars(runtime, optimizer.scalars(step, learningRate)).`,
      );
    return scalar;
  });
  const made: Tensor[] = [];
  const byType = new Map<DType, readonly Tensor[]>();
  for (const { tensor } of params) {
    if (byType.has(tensor.dtype)) continue;
    byType.set(
      tensor.dtype,
      given.map((scalar) => {
        if (scalar.dtype === tensor.dtype) return scalar;
        const converted = cast(scalar, tensor.dtype);
        made.push(converted);
        return converted;
      }),
    );
  }
  return {
    of: (dtype) => byType.get(dtype) ?? given,
    dispose: () => {
      for (const tensor of made) tensor.dispose();
    },
  };
}
