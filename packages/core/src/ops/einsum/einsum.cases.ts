/** Uses of Einstein's sums: the formula is its own reference, one loop a letter. */
import type { HostTensor, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, host, indices } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { einsum } from './einsum.ts';

function loops(formula: string, operands: readonly HostTensor[]): HostTensor {
  const [left = '', result = ''] = formula.split('->');
  const names = left.split(',').map((name) => [...name]);
  const lengths = new Map<string, number>();
  for (const [n, letters] of names.entries())
    for (const [axis, letter] of letters.entries()) lengths.set(letter, operands[n]?.shape[axis] as number);
  const summed = [...lengths.keys()].filter((letter) => !result.includes(letter));
  const shapeOf = (letters: readonly string[]): Shape => letters.map((letter) => lengths.get(letter) as number);
  return host(shapeOf([...result]), (outer) =>
    indices(shapeOf(summed)).reduce((sum, inner) => {
      const place = (letter: string): number =>
        (result.includes(letter) ? outer[result.indexOf(letter)] : inner[summed.indexOf(letter)]) as number;
      return (
        sum + names.reduce((product, letters, n) => product * at(operands[n] as HostTensor, letters.map(place)), 1)
      );
    }, 0),
  );
}

const early = new Set(['ij,jk,kl->il', 'ij,k->i']);
const use = (formula: string, ...shapes: readonly Shape[]): OpCase => ({
  name: `einsum: ${formula} ${shapes.map((shape) => `[${shape}]`).join(' ')}`,
  // Of one sign where sums are taken before products: an infinity then gives one in either order.
  inputs: shapes.map((shape) => (early.has(formula) ? { shape, range: [0.5, 1.5] } : { shape })),
  run: (operands) => einsum(formula, ...operands),
  reference: (operands) => [loops(formula, operands)],
  tolerance: 1e-5,
});

export const einsumCases: OpCases = {
  op: opNamed('core/matmul'),
  cases: [
    use('ij,jk->ik', [3, 5], [5, 2]),
    use('ij,jk->ki', [3, 5], [5, 2]),
    use('ij,kj->ik', [3, 5], [2, 5]),
    use('bij,bjk->bik', [2, 3, 4], [2, 4, 5]),
    use('bhtd,bhsd->bhts', [2, 2, 3, 4], [2, 2, 5, 4]),
    use('btd,hde->bhte', [2, 3, 4], [2, 4, 2]),
    use('i,i->', [33], [33]),
    use('i,j->ij', [3], [5]),
    use('i,i->i', [5], [5]),
    use('ij->ji', [2, 3]),
    use('ij->i', [2, 3]),
    use('ij->', [2, 3]),
    use('ijk->k', [2, 3, 4]),
    use('ij->ij', [1, 3]),
    use(',->', [], []),
    use('i,->i', [3], []),
    use('ij,jk,kl->il', [2, 3], [3, 4], [4, 2]),
    use('bi,bj,ij->b', [2, 3], [2, 4], [3, 4]),
    use('ij,k->i', [2, 3], [4]),
    use('ij,jk->ik', [2, 0], [0, 3]),
    use('bij,bjk->bik', [0, 2, 3], [0, 3, 2]),
  ],
};
