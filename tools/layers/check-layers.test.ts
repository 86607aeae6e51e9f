import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkLayers, type LayerReport } from './check-layers.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A small monorepo of the given files; an object is written as JSON. */
function check(files: Record<string, string | object>): LayerReport {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return checkLayers(root);
}

const on = (...names: string[]): object => ({
  dependencies: Object.fromEntries(names.map((name) => [`@dendrite/${name}`, 'workspace:^'])),
});

test('arrows that point down pass, and everything is counted', () => {
  const report = check({
    'packages/spec/package.json': {},
    'packages/spec/src/index.ts': "export { a } from './a.ts';",
    'packages/core/package.json': on('spec'),
    'packages/core/src/index.ts': "import type { A } from '@dendrite/spec'; const b = await import('node:fs');",
  });
  expect(report).toEqual({ packages: 2, modules: 2, imports: 3, faults: [] });
});

test('an arrow up fails in a manifest and in an import, type-only and dynamic ones too', () => {
  const { faults } = check({
    'packages/spec/package.json': on('core'),
    'packages/spec/src/index.ts':
      "import type { T } from '@dendrite/core'; export const later = () => import('@dendrite/core');",
  });
  expect(faults).toEqual([
    'spec/package.json: the arrow spec (L0) → core (L2) points up. Arrows point down only.',
    'spec/src/index.ts: the arrow spec (L0) → core (L2) points up. Arrows point down only.',
    'spec/src/index.ts: the arrow spec (L0) → core (L2) points up. Arrows point down only.',
  ]);
});

test('an arrow sideways fails, as a dev dependency too', () => {
  const { faults } = check({
    'packages/core/package.json': { devDependencies: { '@dendrite/conformance': 'workspace:^' } },
    'packages/core/src/x.test.ts': "import { kit } from '@dendrite/conformance';",
  });
  expect(faults).toHaveLength(2);
  expect(faults[0]).toBe(
    'core/package.json: the arrow core (L2) → conformance (L2) points sideways. Arrows point down only.',
  );
});

test('a relative import out of its package fails', () => {
  const { faults } = check({
    'packages/core/package.json': {},
    'packages/core/src/x.ts': "import { a } from '../../spec/src/a.ts';",
  });
  expect(faults).toEqual([
    'core/src/x.ts: imports ../../spec/src/a.ts, out of its package. Import the package by its name.',
  ]);
});

test('shipped code may use only what its package.json declares for use; tests may use dev dependencies', () => {
  const { faults } = check({
    'packages/nn/package.json': { devDependencies: { '@dendrite/core': 'workspace:^' } },
    'packages/nn/src/x.ts': "import '@dendrite/core'; import 'leftpad/x';",
    'packages/nn/src/x.test.ts': "import '@dendrite/core'; import 'vitest';",
  });
  expect(faults).toEqual([
    'nn/src/x.ts: imports @dendrite/core, which its package.json does not declare for use.',
    'nn/src/x.ts: imports leftpad, which its package.json does not declare for use.',
  ]);
});

test('a package without a layer, tensors where none may be, and nothing at all fail', () => {
  expect(check({ 'packages/odd/package.json': {}, 'packages/odd/a.ts': '' }).faults).toEqual([
    'odd: has no layer. Add it to a row of tools/layers/table.ts.',
  ]);
  const tensors = check({ 'packages/metrics/package.json': on('core'), 'packages/metrics/a.ts': '' });
  expect(tensors.faults).toEqual(['metrics: must stay free of tensors, and reaches core through its dependencies.']);
  expect(check({}).faults).toEqual(['No module was examined: the check looked in the wrong place.']);
});
