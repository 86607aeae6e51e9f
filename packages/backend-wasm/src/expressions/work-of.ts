/** How much there is to compute in an element of expressions, in the units of `WasmPhase.work`. */
import type { DType, Expression } from '@dendrite/spec';
import { hostBinary, hostUnary } from './lower-node.ts';

/** A call into the host, about 6 ns a lane. */
const hostCall = 300;
const polynomials: ReadonlySet<string> = new Set(['exp', 'log', 'tanh', 'erf', 'expm1', 'log1p', 'sin', 'cos']);
const polynomial = 20;
const slow: ReadonlySet<string> = new Set(['div', 'sqrt']);

/** Operations of all different nodes, or bytes that go in and out where those are more. */
export function workOf(
  expressions: readonly Expression[],
  inputs: readonly DType[],
  outputs: readonly DType[],
): number {
  const seen = new Set<string>();
  const visit = (e: Expression): number => {
    const key = JSON.stringify(e);
    if ('input' in e || 'constant' in e || 'argument' in e || seen.has(key)) return 0;
    seen.add(key);
    if ('cast' in e) return 1 + visit(e.x);
    if ('where' in e) return 1 + visit(e.where) + visit(e.x) + visit(e.y);
    if ('unary' in e) {
      const own = hostUnary.has(e.unary) ? hostCall : polynomials.has(e.unary) ? polynomial : slow.has(e.unary) ? 4 : 1;
      return own + visit(e.x);
    }
    return (hostBinary.has(e.binary) ? hostCall : slow.has(e.binary) ? 4 : 1) + visit(e.x) + visit(e.y);
  };
  const operations = expressions.reduce((sum, e) => sum + visit(e), 0);
  return Math.max(operations, 4 * (inputs.length + outputs.length));
}
