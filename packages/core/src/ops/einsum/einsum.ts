/** Einstein's sums by decomposition into transposes and products. */
import { DendriteError, type Tensor } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { mul } from '../expression/arithmetic.ts';
import { checked } from '../expression/expression-op.ts';
import { matmul } from '../matmul/matmul.ts';
import { sum } from '../reduce/reduce.ts';
import { reshape } from '../reshape/reshape.ts';
import { transpose } from '../transpose/transpose.ts';

interface Term {
  readonly tensor: Tensor;
  readonly letters: readonly string[];
}

/**
 * Sum of products named by letters: `einsum('bij,bjk->bik', a, b)` is a batched matrix product. Letters that the result
 * lacks are summed over. Operands are joined two at a time, from the left.
 * @param formula  one letter an axis, operands split by commas, `->` and the result's letters
 * @throws OPTION  if the formula is malformed, or repeats a letter within one operand; SHAPE if lengths disagree
 * @example
 * import { einsum, tensor } from '@dendrite/core';
 * const a = tensor([[1, 2], [3, 4]]);
 * await einsum('ij,ij->i', a, a).toArray(); // [5, 25]
 * await einsum('ij->ji', a).toArray(); // [[1, 3], [2, 4]]
 */
export function einsum(formula: string, ...operands: readonly Tensor[]): Tensor {
  const [left, right, ...rest] = formula.replace(/\s/g, '').split('->');
  const names = (left ?? '').split(',');
  const wrong = (why: string): never => {
    throw new DendriteError('OPTION', `einsum(): formula must be like 'ij,jk->ik', got '${formula}': ${why}.`);
  };
  if (right === undefined || rest.length > 0) wrong('it needs one ->');
  if (names.length !== operands.length) wrong(`it names ${names.length} operands, ${operands.length} were given`);
  const result = [...(right ?? '')];
  const lengths = new Map<string, number>();
  const terms: Term[] = operands.map((operand, n) => {
    const { shape } = checked(operand, 'einsum');
    const letters = [...(names[n] ?? '')];
    if (letters.some((letter) => !/[a-zA-Z]/.test(letter))) wrong(`'${names[n]}' has something that is no letter`);
    if (letters.length !== shape.length)
      wrong(`'${names[n]}' names ${letters.length} axes of shape [${shape.join(', ')}]`);
    if (new Set(letters).size !== letters.length)
      wrong(`'${names[n]}' repeats a letter, which is not supported (take the diagonal first)`);
    letters.forEach((letter, axis) => {
      const length = shape[axis] as number;
      const before = lengths.get(letter);
      if (before !== undefined && before !== length)
        throw new DendriteError(
          'SHAPE',
          `einsum(): axis '${letter}' must have one length in '${formula}', got ${before} and ${length}.`,
        );
      lengths.set(letter, length);
    });
    return { tensor: operand, letters };
  });
  for (const letter of result) if (!lengths.has(letter)) wrong(`'${letter}' of the result is in no operand`);
  if (new Set(result).size !== result.length) wrong('the result repeats a letter');
  const length = (letter: string): number => lengths.get(letter) as number;

  const without = (term: Term, drop: readonly string[]): Term => {
    const axes = term.letters.flatMap((letter, axis) => (drop.includes(letter) ? [axis] : []));
    return axes.length === 0
      ? term
      : { tensor: sum(term.tensor, { axes }), letters: term.letters.filter((letter) => !drop.includes(letter)) };
  };
  const arranged = (term: Term, letters: readonly string[]): Tensor =>
    transpose(
      term.tensor,
      letters.map((letter) => term.letters.indexOf(letter)),
    );

  return runInScope(() => {
    let joined = terms[0] as Term;
    for (let n = 1; n < terms.length; n++) {
      const later = new Set([...result, ...terms.slice(n + 1).flatMap((term) => term.letters)]);
      const next = terms[n] as Term;
      // What only one side has, and nobody needs later, is summed before the product.
      const a = without(
        joined,
        joined.letters.filter((letter) => !next.letters.includes(letter) && !later.has(letter)),
      );
      const b = without(
        next,
        next.letters.filter((letter) => !joined.letters.includes(letter) && !later.has(letter)),
      );
      const both = a.letters.filter((letter) => b.letters.includes(letter));
      const batch = both.filter((letter) => later.has(letter));
      const inner = both.filter((letter) => !later.has(letter));
      const rows = a.letters.filter((letter) => !both.includes(letter));
      const columns = b.letters.filter((letter) => !both.includes(letter));
      const size = (letters: readonly string[]): number =>
        letters.reduce((product, letter) => product * length(letter), 1);
      const x = reshape(arranged(a, [...batch, ...rows, ...inner]), [size(batch), size(rows), size(inner)]);
      const y = reshape(arranged(b, [...batch, ...inner, ...columns]), [size(batch), size(inner), size(columns)]);
      const made = inner.length === 0 ? mul(x, reshape(y, [size(batch), 1, size(columns)])) : matmul(x, y);
      const letters = [...batch, ...rows, ...columns];
      joined = { tensor: reshape(made, letters.map(length)), letters };
    }
    return arranged(
      without(
        joined,
        joined.letters.filter((letter) => !result.includes(letter)),
      ),
      result,
    );
  }, 'einsum');
}
