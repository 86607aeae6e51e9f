import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type DependencyReport, findDependencies } from './find-dependencies.ts';
import type { listed } from './listed.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A small monorepo of these files. */
function find(files: Readonly<Record<string, object>>, allowed: typeof listed): DependencyReport {
  const root = mkdtempSync(join(tmpdir(), 'deps-'));
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(content));
  }
  return findDependencies(root, allowed);
}

const ours = { 'packages/spec/package.json': { name: '@dendrite/spec', version: '1.0.0' } };
const needing = (more: object) => ({
  ...ours,
  'packages/data/package.json': { name: '@dendrite/data', version: '1.0.0', ...more },
});
const row = (optional: boolean) => ({ '@dendrite/data': { parser: { optional, why: 'CSV' } } });

test('packages of ours are no dependencies; what a dependency needs counts with it', () => {
  const { dependencies, faults, packages } = find(
    {
      ...needing({ dependencies: { '@dendrite/spec': 'workspace:^', parser: '2.0.0' } }),
      'packages/data/node_modules/parser/package.json': {
        name: 'parser',
        version: '2.0.1',
        dependencies: { lines: '1' },
      },
      'node_modules/lines/package.json': { name: 'lines', version: '1.0.0' },
    },
    row(false),
  );
  expect(packages).toEqual(['@dendrite/data', '@dendrite/spec']);
  expect(faults).toEqual([]);
  const bytes = JSON.stringify({ name: 'parser', version: '2.0.1', dependencies: { lines: '1' } }).length;
  expect(dependencies).toEqual([
    {
      of: '@dendrite/data',
      name: 'parser',
      optional: false,
      installed: {
        version: '2.0.1',
        bytes: bytes + JSON.stringify({ name: 'lines', version: '1.0.0' }).length,
        needs: ['lines'],
      },
    },
  ]);
});

test.each([
  [
    'one that is not listed',
    { dependencies: { parser: '2' } },
    {},
    'needs parser, which tools/deps/listed.ts does not list',
  ],
  ['one that must be optional', { dependencies: { parser: '2' } }, row(true), 'must need parser optionally'],
  [
    'a peer that is listed as needed always',
    { peerDependencies: { parser: '2' }, peerDependenciesMeta: { parser: { optional: true } } },
    row(false),
    'must need parser always',
  ],
  ['a row that nothing needs', {}, row(true), 'which does not need it'],
])('%s is a fault', (_, more, allowed, text) => {
  const { faults } = find(needing(more), allowed);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(text);
});
