/** All case tables through the op kit on one backend. */

import { type ExpectedFailures, type OpPart, opConformance } from '@dendrite/conformance';
import { checkGradients, cpu, createRuntime } from '@dendrite/core';
import { describe, expect, test } from 'vitest';
import { type BackendName, openRuntime } from '../reference/machine.ts';
import { collectCases } from './collect-cases.ts';

interface Suite {
  readonly expectedFailures?: ExpectedFailures;
  readonly parts?: readonly OpPart[];
  /** Backends that must give the same bits. */
  readonly alike?: readonly BackendName[];
}

export async function opSuite(name: BackendName, { alike: names, ...suite }: Suite = {}): Promise<void> {
  const tables = await collectCases();
  const all = Object.values(tables).flat();
  const runtime = await openRuntime(name);
  const reference = name === 'cpu' ? runtime : await createRuntime({ backends: [cpu()] });
  const alike = names && { alike: await Promise.all(names.map(openRuntime)) };
  const cases = opConformance({ runtime, reference, checkGradients, ...alike, ...suite }, all);
  describe(`ops on ${name}`, () => {
    test('the tables of core, nn, cnn and rnn-lstm are there', () => {
      expect(tables.core.length).toBeGreaterThan(100);
      expect(tables.nn.length).toBeGreaterThan(0);
      expect(tables.cnn.length).toBeGreaterThan(4);
      expect(tables['rnn-lstm'].length).toBeGreaterThan(5);
      expect(cases.length).toBeGreaterThan(1000);
    });
    // One test an op: thousands of tests would take longer to report than to run.
    const byOp = new Map<string, typeof cases>();
    for (const each of cases) {
      const [op = each.name] = each.name.split(' ');
      byOp.set(op, [...(byOp.get(op) ?? []), each]);
    }
    // A software adapter on a busy machine takes its time; a case that was given up would spoil those after it.
    test.each([...byOp])('%s', { timeout: 300_000 }, async (_op, group) => {
      const failures: string[] = [];
      for (const each of group)
        await each
          .run()
          .catch((error: unknown) =>
            failures.push(`${each.name}: ${error instanceof Error ? error.message : String(error)}`),
          );
      expect(failures).toEqual([]);
    });
  });
}
