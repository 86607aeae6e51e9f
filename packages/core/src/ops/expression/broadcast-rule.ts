/** NumPy's rule: shapes are aligned at their last axes; lengths must agree or be 1. */
import { DendriteError, type Shape } from '@dendrite/spec';

/** @throws SHAPE  naming the axis that does not fit. */
export function broadcastRule(operation: string, shapes: readonly Shape[]): Shape {
  let result: Shape = shapes[0] ?? [];
  for (const shape of shapes.slice(1)) {
    if (shape === result) continue;
    const rank = Math.max(result.length, shape.length);
    const joined: number[] = [];
    for (let axis = 0; axis < rank; axis++) {
      const a = result[axis - rank + result.length] ?? 1;
      const b = shape[axis - rank + shape.length] ?? 1;
      if (a !== b && a !== 1 && b !== 1)
        throw new DendriteError(
          'SHAPE',
          `${operation}(): shapes must broadcast (equal lengths or 1, aligned at the last axis), got [${result.join(', ')}] and [${shape.join(', ')}] (${a} ≠ ${b} at axis ${axis - rank}). Reshape or transpose one of them.`,
        );
      joined.push(a === 1 ? b : a);
    }
    result = joined;
  }
  return result;
}
