/** `pnpm replay`: numbers that are none, and what a module of data is asked. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { dataNamed } from './data-named.ts';

test.concurrent.each([
  ['--tolerance', 'x', 'must be a number of at least 0'],
  ['--validation', '', 'must be a share between 0 and 1'],
])('%s %o is one line', async (flag, value, rule) => {
  const args = ['--conditions=@dendrite/source', fileURLToPath(new URL('main.ts', import.meta.url))];
  const given = ['a.safetensors', '--data', 'iris', flag, value];
  const { code, said } = await new Promise<{ readonly code: unknown; readonly said: string }>((resolve) => {
    execFile(process.execPath, [...args, ...given], (error, _, said) => resolve({ code: error?.code, said }));
  });
  expect(code).toBe(2);
  expect(said).toContain(`replay: ${flag} ${rule}, got '${value}'. Write: pnpm replay`);
  expect(said.trim()).not.toContain('\n');
});

test('a module gets what stands after the question mark', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dendrite-'));
  const file = join(folder, 'data.mjs');
  await writeFile(file, 'export default (asked) => ({ data: asked });');
  expect(await dataNamed(`${file}?limit=600&seed=3`, undefined)).toEqual({ data: { limit: '600', seed: '3' } });
  expect(await dataNamed(file, undefined)).toEqual({ data: {} });
  await rm(folder, { recursive: true });
});
