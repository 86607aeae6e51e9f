/** Expression trees as routines: on WebGPU one program a formula, elsewhere one kernel of tfjs a node. */
import type { Expression, TensorSpec } from '@dendrite/spec';
import type { Kernels } from '../kernels/kernels.ts';
import { reshaped, type Value } from '../kernels/value.ts';
import { commonShapes } from './common-shapes.ts';
import { kernelANode } from './kernel-a-node.ts';
import { webgpuFormula } from './webgpu-formula.ts';

/** Computes the outputs from the inputs and the call's arguments. */
export type Routine = (inputs: readonly Value[], args: readonly number[]) => readonly Value[];

/** undefined if a dtype cannot be had here. */
export function compileExpressions(
  kernels: Kernels,
  expressions: readonly Expression[],
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
): Routine | undefined {
  if ([...inputs, ...outputs].some((spec) => spec.dtype === 'float64') || expressions.some(castsToFloat64))
    return undefined;
  const shapes = commonShapes(
    inputs.map((spec) => spec.shape),
    outputs[0]?.shape ?? [],
  );
  const programs = outputs.map((output, j) =>
    kernels.variant === 'webgpu'
      ? webgpuFormula(kernels, expressions[j] as Expression, inputs, output, shapes)
      : undefined,
  );
  const without = <T>(all: readonly T[]): readonly T[] => all.filter((_, j) => programs[j] === undefined);
  const others = kernelANode(kernels, without(expressions), inputs, without(outputs), shapes);
  return (given, args) => {
    const left = others(given, args).values();
    return outputs.map(({ shape }, j) => {
      const program = programs[j];
      return program ? reshaped(program(given, args), shape) : (left.next().value as Value);
    });
  };
}

const castsToFloat64 = (e: Expression): boolean =>
  ('cast' in e && e.cast === 'float64') ||
  ('x' in e && castsToFloat64(e.x)) ||
  ('y' in e && castsToFloat64(e.y)) ||
  ('where' in e && castsToFloat64(e.where));
