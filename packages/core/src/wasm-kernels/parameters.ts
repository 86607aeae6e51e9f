/** Parameters of a kernel's entries: most are addresses and lengths, and some kernels have a number of each. */
import type { Local } from '@dendrite/wasm-assembler';

/** Parameters that are all i32. */
export const integers = <const N extends string>(names: readonly N[]): { readonly [K in N]: 'i32' } =>
  Object.fromEntries(names.map((name) => [name, 'i32'])) as { readonly [K in N]: 'i32' };

/** `name0`, `name1`, … */
export const numberedNames = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}`);

/** The parameters of those names. */
export const numbered = (
  parameters: { readonly [name: string]: unknown },
  name: string,
  count: number,
): readonly Local<'i32'>[] =>
  // All of them were made by `integers`.
  numberedNames(name, count).map((each) => parameters[each] as Local<'i32'>);
