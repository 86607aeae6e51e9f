/** What is said of an option that no model has: loaded when somebody gives one. */
import { DendriteError } from '@dendrite/spec';

/** What is given in another place, and where. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['sampleWeight', 'Put it into the data: { x, y, sampleWeight }.'],
  ['monitor', 'It is an option of earlyStopping().'],
  ['patience', 'It is an option of earlyStopping().'],
]);

/** @param names  those that there are */
export function unknownOption(name: string, names: readonly string[], where: string): DendriteError {
  const close = names.find((other) => distance(other, name) <= 2);
  return new DendriteError(
    'OPTION',
    `${where}: an option must be one of ${names.join(', ')}, got '${name}'. ${close ? `Did you mean '${close}'?` : (elsewhere.get(name) ?? 'Remove it.')}`,
  );
}

/** Levenshtein's edit distance: `d(i, j) = min(d(i−1, j) + 1, d(i, j−1) + 1, d(i−1, j−1) + [a_i ≠ b_j])`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    }
    row = next;
  }
  return row[b.length] as number;
}
