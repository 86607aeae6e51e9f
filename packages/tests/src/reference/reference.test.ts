/** The reference command on the repository's own files, and on altered ones. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type BackendName, Machine, openRuntime } from './machine.ts';
import type { FolderReport } from './run-files.ts';
import { runFolder } from './run-folder.ts';

const folder = fileURLToPath(new URL('../../reference/', import.meta.url));
const cpu = new Machine(await openRuntime('cpu'));
const scratch = mkdtempSync(join(tmpdir(), 'dendrite-reference-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const builtCases: Readonly<Record<string, number>> = {
  attention: 11,
  activations: 21,
  clipping: 4,
  layers: 34,
  losses: 21,
  metrics: 5,
  optimizers: 18,
  recurrent: 19,
  schedules: 11,
};

describe.each(['cpu', 'wasm', 'tfjs-wasm', 'tfjs-webgpu'] satisfies BackendName[])('reference values on %s', (name) => {
  test('nothing is missing, nothing fails', { timeout: 300_000 }, async () => {
    const machine = name === 'cpu' ? cpu : new Machine(await openRuntime(name));
    const lines: string[] = [];
    const { report, computed } = await runFolder(folder, machine, (line) => lines.push(line));
    expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([]);
    expect(report.failed).toBe(0);
    for (const [file, passed] of Object.entries(builtCases))
      expect(report.files[file]?.passed, file).toBeGreaterThanOrEqual(passed);
    expect(computed.layers?.['conv2d-valid']?.['outputs.0']?.shape).toEqual([2, 4, 7, 6]);
    expect(report.missing).toBe(0);
  });
});

interface Held {
  data: number[];
  shape: number[];
}
type AnyCase = Record<string, unknown> & { name: string };

/** The report on one case of a file after `change`. */
async function withChange(file: string, name: string, change: (each: AnyCase) => void): Promise<FolderReport> {
  const json = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as { cases: AnyCase[] };
  const cases = json.cases.filter((each) => each.name === name);
  expect(cases).toHaveLength(1);
  for (const each of cases) change(each);
  const path = mkdtempSync(join(scratch, 'case-'));
  writeFileSync(join(path, `${file}.json`), JSON.stringify({ cases }));
  const { report } = await runFolder(path, cpu);
  return report;
}

const alter = (held: unknown, at = 0): void => {
  const { data } = held as Held;
  data[at] = (data[at] ?? 0) * 1.001 + 1e-3;
};

test.each<readonly [file: string, name: string, what: string, change: (each: AnyCase) => void]>([
  ['activations', 'gelu', 'an output', (each) => alter(each.output, 5)],
  ['activations', 'softmax', 'a cotangent', (each) => alter(each.cotangent, 3)],
  ['clipping', 'norm-1', 'the norm', (each) => (each.totalNorm = Number(each.totalNorm) + 1e-5)],
  ['layers', 'conv2d-grouped', 'a filter', (each) => alter((each.state as Record<string, unknown>).weight, 7)],
  [
    'layers',
    'conv2d-same',
    'a filter gradient',
    (each) => alter((each.paramGrads as Record<string, unknown>).weight, 100),
  ],
  [
    'layers',
    'batch-norm2d-train',
    'a running mean',
    (each) => alter((each.buffersAfter as Record<string, unknown>).running_mean, 2),
  ],
  ['layers', 'batch-norm2d-eval', 'epsilon', (each) => (each.config = { momentum: 0.1, eps: 1e-3 })],
  ['layers', 'conv3d', 'a filter gradient', (each) => alter((each.paramGrads as Record<string, unknown>).weight, 9)],
  ['layers', 'conv-transpose2d', 'a stride', (each) => (each.config = { ...(each.config as object), padding: 0 })],
  ['layers', 'embedding-padding-idx', 'the padding', (each) => (each.config = { paddingIdx: 4 })],
  ['losses', 'ctc', 'a length', (each) => (each.config = { ...(each.config as object), inputLengths: [9, 8, 8] })],
  ['losses', 'huber', 'the bend', (each) => (each.config = { delta: 1.4 })],
  ['losses', 'cross-entropy-smoothing', 'the smoothing', (each) => (each.config = { labelSmoothing: 0.11 })],
  ['metrics', 'missing-class', 'the accuracy', (each) => ((each.expected as Record<string, unknown>).accuracy = 0.8)],
  ['optimizers', 'adam-amsgrad', 'a gradient', (each) => alter((each.gradients as Held[][])[4]?.[1], 2)],
  ['optimizers', 'rmsprop', 'a last parameter', (each) => alter((each.parameters as Held[][])[14]?.[0], 11)],
  ['clipping', 'norm-0', 'no gradients to compare with', (each) => (each.clipped as unknown[]).fill(null)],
  ['optimizers', 'adam', 'no parameters to compare with', (each) => (each.parameters as unknown[][])[2]?.fill(null)],
  ['layers', 'linear', 'a missing number', (each) => (each.outputs as Held[])[0]?.data.pop()],
  [
    'layers',
    'linear',
    'no number',
    (each) => (((each.outputs as { data: unknown[] }[])[0] as { data: unknown[] }).data[1] = null),
  ],
  ['layers', 'max-pool2d', 'another shape', (each) => (each.outputs as Held[])[0]?.shape.reverse()],
  ['layers', 'conv2d-same', 'a left out gradient', (each) => delete (each.paramGrads as Record<string, unknown>).bias],
  ['layers', 'linear', 'every left out input gradient', (each) => delete each.inputGrads],
  ['losses', 'mse', 'a left out gradient', (each) => delete each.grads],
  ['optimizers', 'sgd', 'a left out last step', (each) => (each.parameters as unknown[]).pop()],
])('%s/%s: %s altered is a failure', async (file, name, _what, change) => {
  expect((await withChange(file, name, () => {})).passed).toBe(1);
  const report = await withChange(file, name, change);
  expect(report).toMatchObject({ passed: 0, failed: 1 });
});

test('a file that is no JSON is a failure, and a folder without known files has no cases', async () => {
  const path = mkdtempSync(join(scratch, 'bad-'));
  writeFileSync(join(path, 'losses.json'), '{');
  expect((await runFolder(path, cpu)).report).toMatchObject({ passed: 0, failed: 1, missing: 0 });
  const empty = mkdtempSync(join(scratch, 'empty-'));
  expect((await runFolder(empty, cpu)).report).toEqual({ files: {}, passed: 0, failed: 0, missing: 0 });
});

test('an option that is not known counts as missing', async () => {
  const report = await withChange('optimizers', 'adam', (each) => (each.config = { lr: 0.05, capturable: true }));
  expect(report).toMatchObject({ passed: 0, failed: 0, missing: 1 });
});
