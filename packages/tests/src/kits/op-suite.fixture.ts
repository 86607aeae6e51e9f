/** All case tables through the op kit on one backend. */

import type { KitCase } from '@dendrite/conformance';
import { describe, expect, test } from 'vitest';
import type { BackendName } from '../reference/machine.ts';
import { failuresOf } from './failures-of.ts';
import { type OpSuite, opKit } from './op-kit.ts';

export async function opSuite(name: BackendName, suite: OpSuite = {}): Promise<void> {
  const { tables, cases } = await opKit(name, suite);
  describe(`ops on ${name}`, () => {
    test('the tables of core, nn, cnn and rnn-lstm are there', () => {
      expect(tables.core?.length).toBeGreaterThan(100);
      expect(tables.nn?.length).toBeGreaterThan(0);
      expect(tables.cnn?.length).toBeGreaterThan(4);
      expect(tables['rnn-lstm']?.length).toBeGreaterThan(5);
      expect(cases.length).toBeGreaterThan(1000);
    });
    // One test an op: thousands of tests would take longer to report than to run.
    const byOp = new Map<string, KitCase[]>();
    for (const each of cases) {
      const [op = each.name] = each.name.split(' ');
      byOp.set(op, [...(byOp.get(op) ?? []), each]);
    }
    // A software adapter on a busy machine takes its time; a case that was given up would spoil those after it.
    test.each([...byOp])('%s', { timeout: 300_000 }, async (_op, group) => {
      expect(await failuresOf(group)).toEqual([]);
    });
  });
}
