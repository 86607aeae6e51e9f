/** What failed of some cases, run one after another: `name: message`. */
import type { KitCase } from '@dendrite/conformance';

export async function failuresOf(cases: readonly KitCase[]): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const each of cases)
    await each
      .run()
      .catch((error: unknown) =>
        failures.push(`${each.name}: ${error instanceof Error ? error.message : String(error)}`),
      );
  return failures;
}
