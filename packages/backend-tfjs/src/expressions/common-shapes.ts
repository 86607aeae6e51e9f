/** Shapes of broadcast operands with as few axes as will do: neighbours that stretch alike are one axis. */
import type { Shape } from '@dendrite/spec';

export interface CommonShapes {
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
}

export function commonShapes(inputs: readonly Shape[], output: Shape): CommonShapes {
  const padded = inputs.map((shape) => [...new Array<number>(output.length - shape.length).fill(1), ...shape]);
  const shapes = inputs.map((): number[] => []);
  const out: number[] = [];
  let last = '';
  output.forEach((length, axis) => {
    if (length === 1) return;
    const pattern = padded.map((shape) => (shape[axis] === 1 ? '1' : 'n')).join('');
    const at = out.length - 1;
    if (pattern === last && at >= 0) {
      out[at] = (out[at] ?? 1) * length;
      shapes.forEach((shape, i) => {
        shape[at] = (shape[at] ?? 1) * (padded[i]?.[axis] ?? 1);
      });
    } else {
      out.push(length);
      shapes.forEach((shape, i) => {
        shape.push(padded[i]?.[axis] ?? 1);
      });
    }
    last = pattern;
  });
  // An operand that stretches along every axis is a scalar.
  return { inputs: shapes.map((shape) => (shape.every((n) => n === 1) ? [] : shape)), output: out };
}
