import { expect, test } from 'vitest';
import { importMap, servePage, withAddresses } from './server.ts';

test('names of packages become addresses, and nothing else does', () => {
  const names = new Map([
    ['@dendrite/core', '/packages/core/dist/index.js'],
    ['#disk', '/no-disk.js'],
  ]);
  const code = [
    `import { add } from '@dendrite/core';`,
    `export * from "@dendrite/core";`,
    `const m = await import('#disk');`,
    `import './own.js';`,
    `import { x } from '@dendrite/other';`,
    `throw new Error('npm install @dendrite/core');`,
  ];
  expect(withAddresses(code.join('\n'), names).split('\n')).toEqual([
    `import { add } from '/packages/core/dist/index.js';`,
    `export * from "/packages/core/dist/index.js";`,
    `const m = await import('/no-disk.js');`,
    ...code.slice(3),
  ]);
});

test('the page is isolated, TypeScript has lost its types, and no path leaves its folder', async () => {
  const { address, close } = await servePage();
  try {
    const html = await fetch(address);
    expect(html.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(html.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    const train = await (await fetch(`${address}train.ts`)).text();
    expect(train).toContain(`from '/packages/core/dist/index.js'`);
    expect(train).not.toContain('Promise<void>');
    for (const path of ['nothing.js', 'packages/%2e%2e/package.json', '%2e%2e/%2e%2e/package.json'])
      expect((await fetch(address + path)).status, path).toBe(404);
    expect((await importMap()).size).toBeGreaterThan(10);
  } finally {
    close();
  }
});
