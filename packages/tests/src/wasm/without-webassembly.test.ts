/** `node --jitless` has no WebAssembly at all: the backend declines and says why, and the next one does the work. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';

/** It cannot read TypeScript either, so the program comes to it as one script. */
async function bundled(file: string): Promise<string> {
  const conditions = ['@dendrite/source', 'module', 'node', 'import', 'default'];
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true, resolve: { conditions } },
    build: {
      write: false,
      ssr: true,
      rollupOptions: { input: join(import.meta.dirname, file), output: { codeSplitting: false } },
    },
  });
  const [made] = Array.isArray(result) ? result : 'output' in result ? [result] : [];
  const [script] = made?.output ?? [];
  if (script?.type !== 'chunk') throw new Error('vite: there must be a script, got none.');
  return script.code;
}

test('node --jitless: wasm declines in a sentence, and cpu trains', { timeout: 60_000 }, async () => {
  const program = await bundled('without-webassembly.program.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['--jitless', '--input-type=module', '-'], {
    input: program,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    webAssembly: 'undefined',
    why: 'this host has no WebAssembly (node --jitless, or a locked-down browser); allow it there',
    runtime: 'cpu',
    gradient: [2, 4, 6],
    refused: expect.stringContaining('this host has no WebAssembly'),
  });
});
