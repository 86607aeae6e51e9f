/** Node without WebAssembly (`--jitless`): the WASM backend declines with the reason. Such a Node takes no types away, hence a bundle. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { root } from '../processes/processes.ts';

const program = `
  import { wasm } from '${root}/packages/backend-wasm/src/index.ts';
  import { createRuntime } from '${root}/packages/core/src/index.ts';
  const runtime = await createRuntime({ backends: [wasm()] });
  const [first] = runtime.choice;
  const three = await runtime.tensor([1, 2]).data();
  console.log(runtime.name, '|', first.name, first.taken, first.why, '|', three.length);
`;

test('node --jitless: wasm says why it declines, and cpu computes', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jitless-'));
  try {
    writeFileSync(join(folder, 'main.js'), program);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    await build({
      ...{ root: folder, configFile: false, logLevel: 'error' },
      resolve: { conditions: ['@dendrite/source'] },
      ssr: { noExternal: true, resolve: { conditions: ['@dendrite/source'] } },
      build: { ssr: join(folder, 'main.js'), outDir: 'out', minify: false },
    });
    const { stdout, stderr } = spawnSync(process.execPath, ['--jitless', join(folder, 'out', 'main.js')], {
      encoding: 'utf8',
      timeout: 50_000,
    });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe(
      'cpu | wasm false this host has no WebAssembly (node --jitless, or a locked-down browser); allow it there | 2',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
