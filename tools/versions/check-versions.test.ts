// The check of recorded versions: the packages of this repository, and made ones that are wrong.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root as ours } from '../processes/processes.ts';
import { checkVersions } from './check-versions.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'versions-'));
  put('packages/net/package.json', '{ "version": "1.2.0" }');
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const versionFile = (version: string): string => `/** The version. */\nexport const version = '${version}';\n`;

test('every package here says its own', () => {
  const { named, faults } = checkVersions(ours);
  expect(faults).toEqual([]);
  expect(named).toBeGreaterThanOrEqual(11);
});

test('an old version is named, and written anew on demand', () => {
  put('packages/net/src/version.ts', versionFile('1.1.9'));
  expect(checkVersions(root).faults).toEqual([
    "packages/net/src/version.ts must hold the package's version 1.2.0, it holds 1.1.9: run versions --write",
  ]);
  expect(checkVersions(root, { write: true })).toEqual({ named: 1, faults: [] });
  expect(readFileSync(join(root, 'packages/net/src/version.ts'), 'utf8')).toBe(versionFile('1.2.0'));
});

test('a file that names none, and a version that stands elsewhere', () => {
  put('packages/net/src/version.ts', 'export const release = 1;');
  put('packages/net/src/backend.ts', "// version: '1.2.0'\nexport const meta = { name: 'net', version: '1.2.0' };");
  put('packages/net/src/backend.test.ts', "const meta = { version: '0.0.1' };");
  expect(checkVersions(root).faults).toEqual([
    "packages/net/src/version.ts must hold export const version = '1.2.0'; it holds no version",
    'packages/net/src/backend.ts must take its version from packages/net/src/version.ts, it writes one out',
  ]);
});
