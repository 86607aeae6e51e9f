/** Every case of every table of this package on the CPU. The published kit runs them on the other backends. */
import { readdirSync, readFileSync } from 'node:fs';
import { definedOps } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { createRuntime } from '../index.ts';
import { checkCase } from './check-case.fixture.ts';
import { coreCases } from './core-cases.fixture.ts';

const runtime = await createRuntime();
const byOp = new Map(coreCases.map(({ op }) => [op, coreCases.filter((table) => table.op === op)] as const));

describe.each([...byOp].map(([op, tables]) => ({ name: op.name, op, tables })))('$name', ({ op, tables }) => {
  test.each(tables.flatMap(({ cases }) => cases).filter(({ benchmark }) => benchmark !== true))('$name', (each) =>
    checkCase(runtime, op, each),
  );
});

test('case names of an op are all different', () => {
  for (const [op, tables] of byOp) {
    const names = tables.flatMap(({ cases }) => cases.map(({ name }) => name));
    expect(
      names.filter((name, i) => names.indexOf(name) !== i),
      op.name,
    ).toEqual([]);
  }
});

test('every table is in the list', () => {
  const files = readdirSync(new URL('..', import.meta.url), { recursive: true, encoding: 'utf8' });
  const tables = files
    .filter((file) => file.endsWith('.cases.ts'))
    .flatMap((file) =>
      Array.from(
        readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').matchAll(/^export const (\w+Cases)\b/gm),
        ([, name]) => name,
      ),
    );
  const list = readFileSync(new URL('core-cases.fixture.ts', import.meta.url), 'utf8');
  expect(tables.length).toBeGreaterThan(30);
  expect(tables.filter((name) => !list.includes(`${name},`))).toEqual([]);
});

test('every op has a table', () => {
  const derived = /\.d\d$|^core\/(cast|uniform|normal|custom-gradient)\b/; // made while running; their functions have cases
  const missing = [...definedOps()].filter((op) => op.name.startsWith('core/') && !derived.test(op.name));
  const covered = new Set([...byOp.keys()].map(({ name }) => name));
  const number = /\.number(-first)?$/; // comparisons with numbers stand among those of the plain op
  expect(missing.map(({ name }) => name).filter((name) => !covered.has(name) && !number.test(name))).toEqual([]);
});
