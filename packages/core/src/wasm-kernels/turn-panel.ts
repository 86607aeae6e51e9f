/** Some rows of a matrix as a panel: what a product with a transposed second operand reads. */
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';
import { transposeMatrix, turnEight } from './transpose-matrix.ts';
import { panelRow } from './wide-panels.ts';

type Int = Value<'i32'>;

/** `width` rows of `length` elements, one behind the other, as a panel of so many columns. */
export function turnPanel(
  f: FunctionBuilder,
  at: { readonly to: Int; readonly from: Int; readonly length: Int; readonly width: number },
): void {
  const [to, from] = [f.let(at.to), f.let(at.from)];
  const { length, width } = at;
  const toStep = panelRow(width);
  const eights = width - (width % 8);
  for (let first = 0; first < eights; first += 8)
    turnEight(f, { to: to.add(4 * first), from: from.add(length.mul(4 * first)), length, toStep });
  if (eights < width) {
    const sizes = { rows: f.local('i32', width - eights), columns: length };
    transposeMatrix(f, { to: to.add(4 * eights), from: from.add(length.mul(4 * eights)), ...sizes, toStep });
  }
}
