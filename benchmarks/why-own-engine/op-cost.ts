// What an op costs in each engine: the overhead bench, in this process.
import { overhead } from '../benches/overhead.ts';
import type { Row } from '../harness/result.ts';
import type { Fact } from './fact.ts';

export const opCost: Fact = {
  claim: "an op costs tfjs's engine microseconds, and ours tenths of one",
  measure: async () => {
    const { rows } = await overhead();
    const range = (of: readonly Row[], value: (row: Row) => number): string => {
      const values = of.map(value);
      return `${Math.min(...values)} to ${Math.max(...values)} µs`;
    };
    const theirs = (row: Row): number => row.peers['tfjs-cpu'] ?? Number.NaN;
    const forward = rows.filter(({ name }) => name.endsWith('forward'));
    const gradient = rows.filter(({ name }) => name.includes('with'));
    return {
      reproduced: rows.every((row) => theirs(row) > 1 && row.ours < theirs(row)),
      seen: [
        `forward, [8] tensors: tfjs ${range(forward, theirs)}, ours ${range(forward, (row) => row.ours)}`,
        `with gradients: tfjs ${range(gradient, theirs)}, ours ${range(gradient, (row) => row.ours)}`,
      ],
    };
  },
};
