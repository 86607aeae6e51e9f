/** Parameters of a kernel's entries: most are addresses and lengths, and some kernels have a number of each. */
import type { Local, Operand } from '@dendrite/wasm-assembler';

/** Parameters that are all i32. */
export const integers = <const N extends string>(names: readonly N[]): { readonly [K in N]: 'i32' } =>
  Object.fromEntries(names.map((name) => [name, 'i32'])) as { readonly [K in N]: 'i32' };

/** What a function of those parameters is called with: of all that is given what it takes, and 0 where nothing is. */
export const operandsFor = <const N extends string>(
  names: readonly N[],
  given: { readonly [K in N]?: Operand<'i32'> },
): { readonly [K in N]: Operand<'i32'> } =>
  Object.fromEntries(names.map((name) => [name, given[name] ?? 0])) as { readonly [K in N]: Operand<'i32'> };

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
