/// <reference types="vite/client" />
/** The values of PyTorch and scikit-learn on the WASM backend in a worker of a page; `pnpm reference-in-chromium` does it for others. */
import { expect, test } from 'vitest';
import type { ReferenceFound, ReferenceTask } from './reference-in-worker.ts';

const files = import.meta.glob<string>('../../reference/*.json', { query: '?raw', import: 'default' });
const texts: Record<string, string> = {};
for (const [path, read] of Object.entries(files)) texts[/([^/]+)\.json$/.exec(path)?.[1] ?? ''] = await read();

test('reference values on plain SIMD and three threads', { timeout: 120_000 }, async () => {
  const worker = new Worker(new URL('./reference-in-worker.ts', import.meta.url), { type: 'module' });
  const { details, lines, report } = await new Promise<ReferenceFound>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage({ texts, backend: 'wasm-plain-3' } satisfies ReferenceTask);
  });
  worker.terminate();
  expect(lines).toEqual([]);
  expect(details).toBe('SIMD, 3 threads');
  expect(report).toMatchObject({ failed: 0, missing: 0 });
  expect(report?.passed).toBeGreaterThanOrEqual(144);
});
