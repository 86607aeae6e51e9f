/** How many trees have judged each row. */

export interface Judges {
  /** One a row. */
  readonly counts: Int32Array;
  /** One more tree has judged these rows. */
  add(rows: Int32Array): void;
  /** How many rows were judged. */
  judged(): number;
}

export function countJudges(rows: number, before: Int32Array | undefined): Judges {
  const counts = before?.slice() ?? new Int32Array(rows);
  let judged = 0;
  if (before) for (let row = 0; row < rows; row++) if (counts[row] !== 0) judged++;
  return {
    counts,
    add(judgedRows) {
      for (let i = 0; i < judgedRows.length; i++) {
        const row = judgedRows[i] as number;
        const count = counts[row] as number;
        if (count === 0) judged++;
        counts[row] = count + 1;
      }
    },
    judged: () => judged,
  };
}
