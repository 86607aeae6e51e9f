/** Uses of the matrix product: transposed operands, odd tiles, broadcast batches, nothing to add. */
import type { HostTensor, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, broadcastShape, host, stretched, two } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { type MatmulOptions, matmul } from './matmul.ts';

/** A matrix of a batch, its last two axes swapped on the host. */
const swapped = (x: HostTensor): HostTensor =>
  host([...x.shape.slice(0, -2), x.shape.at(-1) as number, x.shape.at(-2) as number], (index) =>
    at(x, [...index.slice(0, -2), index.at(-1) as number, index.at(-2) as number]),
  );
/** `y[…, i, j] = Σₖ a[…, i, k] · b[…, k, j]`. */
function product(a: HostTensor, b: HostTensor): HostTensor {
  const batch = broadcastShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const inner = a.shape.at(-1) as number;
  return host([...batch, a.shape.at(-2) as number, b.shape.at(-1) as number], (index) => {
    const front = index.slice(0, -2);
    const [i, j] = index.slice(-2) as [number, number];
    // A matrix of one row must not be stretched, only the batch: rows are taken as they are.
    const left = matrixOf(a, front);
    const right = matrixOf(b, front);
    let total = 0;
    for (let k = 0; k < inner; k++) total += left(i, k) * right(k, j);
    return total;
  });
}
function matrixOf(x: HostTensor, front: readonly number[]): (row: number, column: number) => number {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const batch = x.shape.slice(0, -2);
  const which = { shape: batch, data: Array.from({ length: batch.reduce((p, q) => p * q, 1) }, (_, n) => n) };
  const from = stretched(which, front) * rows * columns;
  return (row, column) => x.data[from + row * columns + column] as number;
}

const use = (name: string, a: Shape, b: Shape, options: MatmulOptions = {}): OpCase => ({
  name,
  inputs: [{ shape: a }, { shape: b }],
  run: two((x, y) => matmul(x, y, options)),
  reference: ([x, y]) =>
    x && y ? [product(options.transposeA ? swapped(x) : x, options.transposeB ? swapped(y) : y)] : [],
  tolerance: 1e-5,
});
const [ta, tb, both] = [{ transposeA: true }, { transposeB: true }, { transposeA: true, transposeB: true }];

export const matmulCases: OpCases = {
  op: opNamed('core/matmul'),
  cases: [
    use('1 × 1', [1, 1], [1, 1]),
    use('a row by a column', [1, 5], [5, 1]),
    use('a column by a row', [5, 1], [1, 3]),
    use('odd tiles', [5, 7], [7, 9]),
    use('3 × 33 × 5', [3, 33], [33, 5]),
    use('33 × 3 × 33', [33, 3], [3, 33]),
    use('exact tiles', [8, 4], [4, 8]),
    use('first transposed', [7, 5], [7, 3], ta),
    use('second transposed', [5, 7], [3, 7], tb),
    use('both transposed', [7, 5], [3, 7], both),
    use('nothing to add', [2, 0], [0, 3]),
    use('no rows', [0, 3], [3, 2]),
    use('no columns', [2, 3], [3, 0]),
    use('a batch', [3, 2, 4], [3, 4, 5]),
    use('a batch, both transposed', [2, 4, 3], [2, 5, 4], both),
    use('a batch by one matrix', [3, 2, 4], [4, 5]),
    use('a batch by one transposed matrix', [3, 2, 4], [5, 4], tb),
    use('a transposed batch by one matrix', [3, 4, 2], [4, 5], ta),
    use('one matrix by a batch', [2, 4], [3, 4, 5]),
    use('a stretched batch', [2, 1, 3, 4], [5, 4, 2]),
    use('attention scores', [2, 3, 5, 4], [2, 3, 5, 4], tb),
    use('a batch without sums', [2, 3, 0], [0, 4]),
    use('no batch', [0, 2, 3], [0, 3, 2]),
    use('few columns, a long sum', [7, 83], [83, 5]),
    use('few columns, a long sum, second transposed', [5, 81], [10, 81], tb),
    use('few columns, first transposed', [9, 17], [9, 6], ta),
    use('few columns, both transposed', [9, 17], [6, 9], both),
    use('a batch of few columns, first transposed', [2, 3, 18], [2, 3, 9], ta),
    use('one row, many columns', [1, 4], [4, 45]),
    use('a sum in parts', [2, 517], [517, 8]),
    use('a sum in parts, first transposed', [515, 3], [515, 4], ta),
    use('wide, enough rows to pack for', [48, 2], [2, 193]),
    use('many rows on the same lines, first transposed', [2, 256], [2, 65], ta),
    {
      name: 'a matrix by itself',
      inputs: [{ shape: [3, 3] }],
      run: ([x]) => (x ? matmul(x, x) : []),
      reference: ([x]) => (x ? [product(x, x)] : []),
    },
    {
      name: '256³',
      inputs: [{ shape: [256, 256] }, { shape: [256, 256] }],
      run: two((x, y) => matmul(x, y)),
      benchmark: true,
    },
    {
      name: '256³, second transposed',
      inputs: [{ shape: [256, 256] }, { shape: [256, 256] }],
      run: two((x, y) => matmul(x, y, tb)),
      benchmark: true,
    },
  ],
};
