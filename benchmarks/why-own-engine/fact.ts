// One fact that the choice of an engine rests on, and what running code says of it.

/** A claim with the code that tries it. */
export interface Fact {
  readonly claim: string;
  measure(): Promise<Finding>;
}
/** What was seen. `reproduced: false` is printed as such: the claim does not hold here. */
export interface Finding {
  readonly reproduced: boolean;
  readonly seen: readonly string[];
}

/** What a call gives, or the first line of what it throws. */
export async function outcome(
  f: () => Promise<string> | string,
): Promise<{ readonly threw: boolean; readonly text: string }> {
  try {
    return { threw: false, text: await f() };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { threw: true, text: text.split('\n')[0] ?? '' };
  }
}
