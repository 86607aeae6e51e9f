/** What is said of a function that does other things for other lengths. */
import { DendriteError } from '@dendrite/spec';

/** @throws OPTION  always */
export function differs(how: string, names: readonly string[]): never {
  throw new DendriteError(
    'OPTION',
    `toOnnx(): what is computed must depend on the free lengths (${names.join(', ')}) by shapes alone, got a function that does else: ${how} for other lengths. Say what they are multiples of (lengths: { ${names.at(-1)}: { multipleOf: 8 } }), or write a number for one of them in the shapes of the inputs.`,
  );
}
