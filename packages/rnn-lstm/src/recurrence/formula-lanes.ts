/** A cell's formulas as SIMD instructions: the nodes that cells are made of, four elements at a time. */
import { type Binary, DendriteError, type Expression, type Unary } from '@dendrite/spec';
import { f32x4, v128 } from '@dendrite/wasm-assembler';
import { exp, float, type Site, tanh, type Vector } from '@dendrite/wasm-assembler/elementary';

const unary: Partial<Readonly<Record<Unary, (site: Site, x: Vector) => Vector>>> = {
  neg: (_site, x) => f32x4.neg(x),
  exp,
  tanh,
};
const binary: Partial<Readonly<Record<Binary, (x: Vector, y: Vector) => Vector>>> = {
  ...{ add: f32x4.add, sub: f32x4.sub, mul: f32x4.mul, div: f32x4.div },
  ...{ lt: f32x4.lt, le: f32x4.le },
};

/** Writes expressions over `inputs`; what two of them share is computed once. @throws BACKEND  for a node that no cell has */
export function formulaLanes(site: Site, inputs: readonly Vector[]): (e: Expression) => Vector {
  const known = new Map<Expression, Vector>();
  const compute = (e: Expression): Vector | undefined => {
    if ('input' in e) return inputs[e.input];
    if ('constant' in e) return float(site, e.constant);
    if ('where' in e) return v128.bitselect(lower(e.x), lower(e.y), lower(e.where));
    if ('unary' in e) return unary[e.unary]?.(site, lower(e.x));
    return 'binary' in e ? binary[e.binary]?.(lower(e.x), lower(e.y)) : undefined;
  };
  const lower = (e: Expression): Vector => {
    const before = known.get(e);
    if (before) return before;
    const made = compute(e);
    if (!made) {
      const text = `formulaLanes(): a cell's formulas must be made of inputs, constants, ${Object.keys(unary).join(', ')}, ${Object.keys(binary).join(', ')} and where, got ${JSON.stringify(e)}. Add it to formula-lanes.ts.`;
      throw new DendriteError('BACKEND', text);
    }
    const kept = 'input' in e || 'constant' in e ? made : site.f.let(made);
    known.set(e, kept);
    return kept;
  };
  return lower;
}
