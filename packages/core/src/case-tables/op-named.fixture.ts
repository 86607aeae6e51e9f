/** Ops by name: the op of a table is often not exported, only the function that runs it. */
import { definedOps, type Op } from '@dendrite/spec';

export function opNamed(name: string): Op {
  for (const op of definedOps()) if (op.name === name) return op;
  throw new Error(`no op is called ${name}: import the file that defines it first`);
}
