// The closing line of a run: written by the reporter, added up by the check.

/** How many tests or checks ended in each way. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** `N passed, N failed`, and `, N skipped` where some were. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The counts in the last closing line of a text, or nothing where it has none. */
export function readClosingLine(text: string): Counts | undefined {
  const line = text.split(/\r?\n/).findLast(isClosingLine);
  if (line === undefined) return undefined;
  const [passed = 0, failed = 0, skipped = 0] = (line.match(/\d+/g) ?? []).map(Number);
  return { passed, failed, skipped };
}

/** Whether a line is a closing line and nothing else. */
export function isClosingLine(line: string): boolean {
  return /^\d+ passed, \d+ failed(, \d+ skipped)?\r?$/.test(line);
}
