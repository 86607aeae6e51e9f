/** What a row of the routine table is. */
import type { Attributes, Call, Shape } from '@dendrite/spec';
import type { Routine } from '../expressions/compile.ts';
import type { Kernels } from '../kernels/kernels.ts';

/** Makes the routine for a call; undefined: this call is left to the op's decomposition. */
export type MakeRoutine = (kernels: Kernels, call: Call) => Routine | undefined;

export const inputShape = (call: Call, i: number): Shape => call.inputs[i]?.shape ?? [];
export const outputShape = (call: Call, i = 0): Shape => call.outputs[i]?.shape ?? [];

export const numbers = (attributes: Attributes, name: string): readonly number[] => {
  const value = attributes[name];
  return Array.isArray(value) ? value : [];
};
export const pair = (attributes: Attributes, name: string, otherwise = 1): readonly [number, number] => {
  const [first = otherwise, second = otherwise] = numbers(attributes, name);
  return [first, second];
};
