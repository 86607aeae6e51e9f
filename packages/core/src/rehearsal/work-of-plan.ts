/** Floating point operations of calls: as their ops say, by size for formulas, none for what only moves numbers. */
import type { Expression } from '@dendrite/spec';
import type { InternedSpec } from '../engine/interned-spec.ts';
import type { Plan } from '../engine/plan.ts';

/** Of one call that does not decompose: an exponential counts as one operation. */
export function flopsOf({ op, inputs, outputs, attributes }: Plan): number {
  if (op.flops !== undefined) return op.flops({ inputs, outputs, attributes });
  if (op.kind !== 'expression') return 0;
  return op.expressions(attributes).reduce((sum, e, j) => sum + operations(e) * (outputs[j] as InternedSpec).size, 0);
}

/** Nodes that compute: all but the leaves. */
function operations(e: Expression): number {
  if ('input' in e || 'constant' in e || 'argument' in e) return 0;
  if ('where' in e) return 1 + operations(e.where) + operations(e.x) + operations(e.y);
  return 1 + operations(e.x) + ('y' in e ? operations(e.y) : 0);
}
