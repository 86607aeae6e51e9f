/** What a case computed beside what the file says it should be. */
import { compare } from '@dendrite/conformance';
import type { HostTensor } from '@dendrite/spec';

/** Names are paths into the case: `outputs.0`, `paramGrads.weight`. */
export class Results {
  readonly computed: Map<string, HostTensor> = new Map();
  readonly expected: Map<string, HostTensor> = new Map();
  /** Parts of the case that are not built. */
  readonly missing: string[] = [];
  /** What was computed and the file says nothing of. */
  readonly unsaid: string[] = [];

  add(name: string, computed: HostTensor | undefined, expected: HostTensor | null | undefined): void {
    if (expected) this.expected.set(name, expected);
    else this.unsaid.push(name);
    if (computed) this.computed.set(name, computed);
  }
  number(name: string, computed: number, expected: unknown): void {
    this.add(
      name,
      { shape: [], data: [computed] },
      { shape: [], data: [typeof expected === 'number' ? expected : Number.NaN] },
    );
  }
}

export interface Verdict {
  /** Largest error of the case, relative to the largest value of each tensor. */
  readonly worst: number;
  readonly failures: readonly string[];
}

/** `|a − b| ≤ tolerance · max(largest, 1e-3)`; NaN on either side, a wrong shape or a missing output fails. */
export function judge(results: Results, tolerance: number): Verdict {
  let worst = 0;
  const failures: string[] = [];
  for (const [name, expected] of results.expected) {
    const computed = results.computed.get(name);
    if (!computed) {
      failures.push(`${name}: was not computed`);
      worst = Number.POSITIVE_INFINITY;
      continue;
    }
    const comparison = compare(computed, expected, tolerance);
    const nan = hasNaN(computed) || hasNaN(expected);
    worst = Math.max(worst, nan ? Number.POSITIVE_INFINITY : comparison.worst);
    if (nan) failures.push(`${name}: has NaN`);
    else if (!comparison.passed) failures.push(`${name}: ${comparison.text}`);
  }
  for (const name of results.unsaid) failures.push(`${name}: the file does not say what it must be`);
  if (results.expected.size === 0 && results.missing.length === 0) failures.push('nothing to compare');
  return { worst, failures };
}

function hasNaN({ data }: HostTensor): boolean {
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) return true;
  return false;
}
