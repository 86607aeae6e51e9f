/** A fault put in on purpose, and the kit that must find it. */
import type { KitCase } from '@dendrite/conformance';

export interface Mutant {
  readonly kind: 'kernel' | 'gradient' | 'memory' | 'optimizer' | 'metric' | 'layer' | 'model' | 'data';
  /** What is broken, and how. */
  readonly name: string;
  /** The kit's cases on the whole thing (`false`: all must pass) or on the broken one (`true`: one must fail). */
  cases(broken: boolean): Promise<readonly KitCase[]>;
  /** Mutants with the same subject share the run on the whole thing. */
  readonly subject: string;
}

/** The name of the first case that fails, with its message; undefined: all passed. */
export async function firstFailure(cases: readonly KitCase[]): Promise<string | undefined> {
  for (const each of cases) {
    try {
      await each.run();
    } catch (error) {
      return `${each.name} (${error instanceof Error ? error.message : String(error)})`;
    }
  }
  return undefined;
}
