// The whole program on a small folder of its own making: three classes that a bright block tells apart.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBytes } from '@dendrite/model';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'digits-'));
afterAll(() => rmSync(folder, { recursive: true }));

const names = [200, 3, 77];
const idx = (lengths: readonly number[], values: Uint8Array): Uint8Array =>
  new Uint8Array([0, 0, 8, lengths.length, ...lengths.flatMap((n) => [0, 0, n >> 8, n & 255]), ...values]);
function write(part: string, rows: number): void {
  const images = new Uint8Array(rows * 784);
  for (let row = 0; row < rows; row++) {
    for (let y = 0; y < 7; y++)
      images.fill(
        100 + (row % 9) * 10,
        row * 784 + (y + 9 * (row % 3)) * 28,
        row * 784 + (y + 9 * (row % 3)) * 28 + 20,
      );
  }
  writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([rows, 28, 28], images));
  const labels = Uint8Array.from({ length: rows }, (_, row) => names[row % 3] ?? 0);
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([rows], labels));
}
write('train', 120);
write('t10k', 30);

function run(...flags: string[]): { readonly code: number | null; readonly text: string } {
  const program = ['--conditions=@dendrite/source', join(import.meta.dirname, 'main.ts'), ...flags];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}

test('it learns, tells the accuracy, saves a model that answers its probe, and draws a report', () => {
  const out = join(folder, 'out');
  const { code, text } = run('--backend', 'cpu', '--data', folder, '--epochs', '6', '--out', out);
  expect(text).toContain('backend: cpu');
  expect(text).toContain('108 images to train on, 12 to validate, 30 to test');
  expect(text).toContain('test accuracy: 100.00 %');
  expect(text).toContain(`report: ${join(out, 'report.html')}`);
  expect(code).toBe(0);
  const { header } = fromBytes(readFileSync(join(out, 'digits.safetensors')));
  expect([header.labels, header.seed, header.task]).toEqual([names, 7, 'classification']);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Confusion matrix');
}, 60_000);

test('what the user can mend is one line, without a stack', () => {
  const wrongFlag = run('--epoch', '3');
  expect([wrongFlag.code, wrongFlag.text.trim().split('\n').length]).toEqual([1, 1]);
  const noData = run('--backend', 'cpu', '--data', join(folder, 'nowhere'));
  expect(noData.code).toBe(1);
  expect(noData.text).toContain('mnist(): the four files of MNIST must be on this machine, found none in');
  expect(noData.text).not.toContain('    at ');
}, 60_000);
