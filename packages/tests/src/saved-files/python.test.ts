/** Files of ours in numpy, and numpy's in ours; where there is no python3 with numpy, nothing can be said and the tests are skipped. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNpy } from '@dendrite/datasets';
import { readSafetensors } from '@dendrite/safetensors';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('read_in_python.py', import.meta.url));
const root = fileURLToPath(new URL('../../saved-files/', import.meta.url));
const python = ['python3', '/usr/bin/python3'].find(
  (each) => spawnSync(each, ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0,
);

test.skipIf(python === undefined)('numpy reads the arrays of every old file, bit for bit', () => {
  const files = readdirSync(root).flatMap((version) =>
    readdirSync(join(root, version))
      .filter((name) => name.endsWith('.safetensors'))
      .map((name) => join(root, version, name)),
  );
  const lines = execFileSync(python ?? '', [script, 'read', ...files], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(lines.length).toBe(files.length);
  for (const [i, file] of files.entries()) {
    const { arrays } = readSafetensors(new Uint8Array(readFileSync(file)));
    const own = Object.entries(arrays).map(([name, { dtype, shape, data }]) => [
      name,
      [
        dtype,
        [...shape],
        createHash('sha256')
          .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
          .digest('hex'),
      ],
    ]);
    expect(JSON.parse(lines[i] ?? '')).toEqual(Object.fromEntries(own));
  }
});

test.skipIf(python === undefined)(
  'what numpy saves is read, rows first, whatever its order and byte order',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dendrite-npy-'));
    try {
      execFileSync(python ?? '', [script, 'write', folder]);
      const files = readdirSync(folder);
      expect(files.length).toBe(23);
      for (const file of files) {
        const { shape, data } = await readNpy(new Uint8Array(readFileSync(join(folder, file))));
        if (file === 'scalar.npy') expect([shape, Array.from(data)]).toEqual([[], [1.5]]);
        else {
          const expected = Array.from({ length: 24 }, (_, n) => (file.startsWith('b1') ? n % 2 : n));
          expect([file, shape, Array.from(data)]).toEqual([file, [2, 3, 4], expected]);
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
