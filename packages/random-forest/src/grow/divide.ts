/** Dividing a node by a cut that the fast kernel cannot follow: missing values on the left, or a set of categories. */
import { hasBit } from '../tree/tree.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Keeps the order of rows on both sides; gives how many went left. */
export function divideGeneral(
  { entries, spare, codes, rows }: Workspace,
  begin: number,
  end: number,
  feature: number,
  cut: number,
  missing: number,
  missingLeft: boolean,
  set: Uint32Array | undefined,
): number {
  const offset = feature * rows;
  let left = 2 * begin;
  let right = 0;
  for (let i = 2 * begin; i < 2 * end; i += 2) {
    const row = entries[i] as number;
    const tag = entries[i + 1] as number;
    const code = codes[offset + row] as number;
    const goesLeft = set ? hasBit(set, 0, code) : code === missing ? missingLeft : code <= cut;
    if (goesLeft) {
      entries[left++] = row;
      entries[left++] = tag;
    } else {
      spare[right++] = row;
      spare[right++] = tag;
    }
  }
  entries.set(spare.subarray(0, right), left);
  return left / 2 - begin;
}
