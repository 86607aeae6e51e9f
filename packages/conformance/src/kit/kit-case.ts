/** Test cases as data: any runner takes them, `for (const c of kit) test(c.name, c.run)`. */

export interface KitCase {
  readonly name: string;
  /** Why this case is known to fail here. `run` then succeeds while the case fails, and fails once it passes. */
  readonly expectedFailure?: string;
  run(): Promise<void>;
}

/** Case name → reason. A `*` stands for any text: `{ 'core/pow * NaN': 'WGSL may assume there is none' }`. */
export type ExpectedFailures = Readonly<Record<string, string>>;

/** What a case throws: a broken promise of the thing under test. */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure';
}

/** @throws ConformanceFailure  unless `holds` */
export function check(holds: boolean, message: string | (() => string)): asserts holds {
  if (!holds) throw new ConformanceFailure(typeof message === 'string' ? message : message());
}

/**
 * Marks the cases that are known to fail, and adds one case that fails if an entry names no case: a stale excuse is a lie.
 * @throws ConformanceFailure  at once, for an entry without a reason
 */
export function withExpectedFailures(
  kit: string,
  cases: readonly KitCase[],
  expected: ExpectedFailures = {},
): readonly KitCase[] {
  const entries = Object.entries(expected).map(([pattern, reason]) => ({ pattern, reason, matches: matcher(pattern) }));
  for (const { pattern, reason } of entries)
    check(reason.trim().length >= 10, `${kit}: the expected failure '${pattern}' must give a reason, got '${reason}'`);
  const marked = cases.map((each) => {
    const entry = entries.find(({ matches }) => matches(each.name));
    return entry ? expectFailure(each, entry.reason) : each;
  });
  const stale = entries.filter(({ matches }) => !cases.some(({ name }) => matches(name)));
  if (stale.length === 0) return marked;
  return [
    ...marked,
    {
      name: `${kit}: every expected failure names a case`,
      run: async () => check(false, `no case is called ${stale.map(({ pattern }) => `'${pattern}'`).join(', ')}`),
    },
  ];
}

function expectFailure({ name, run }: KitCase, reason: string): KitCase {
  return {
    name,
    expectedFailure: reason,
    async run() {
      try {
        await run();
      } catch {
        return;
      }
      check(false, `${name} passes, though it was expected to fail (${reason}). Take it off the list.`);
    },
  };
}

function matcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  return (name) => whole.test(name);
}
