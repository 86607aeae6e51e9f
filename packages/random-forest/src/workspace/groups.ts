/**
 * Codes in groups: 64 columns side by side, row after row. Wide tables of not too many rows lie so where few trees grow: small nodes find
 * a row's codes together, as in rows, and large ones still read few lines of the cache. So there is one copy of the codes, where rows and
 * columns are two. Pictures of 784 bytes, 10,000 of them: trees take 7 % longer, some 1 ms each; fresh memory and binning 50 ms less.
 * With 16,000 of them the caches are too small, and the whole fit would take 7 % longer.
 */
import type { Sizes, Workspace } from './workspace.ts';

/** Where the codes of a column begin. */
export const placeOf = ({ rows, group }: Pick<Sizes, 'rows' | 'group'>, feature: number): number =>
  (feature - (feature % group)) * rows + (feature % group);

/** The workspace with codes column by column, as JavaScript reads them: a copy of them where they lie in groups. */
export function inColumns(workspace: Workspace): Workspace {
  const { rows, features, group, codes: grouped } = workspace;
  if (group === 1) return workspace;
  const codes = new Uint8Array(rows * features);
  for (let f = 0; f < features; f++) {
    const first = placeOf(workspace, f);
    for (let row = 0; row < rows; row++) codes[f * rows + row] = grouped[first + group * row] as number;
  }
  return { ...workspace, group: 1, codes };
}
