/** Rows of one array get the bins and codes that their columns get, in JavaScript and in WebAssembly. */
import { hostKey, uniforms } from '@dendrite/random';
import { expect, test } from 'vitest';
import { makeGround, plotOf } from '../engine/engine.ts';
import { wasmBinning } from '../wasm/wasm-binning.ts';
import { wasmModule } from '../wasm/wasm-module.ts';
import { inColumns } from '../workspace/groups.ts';
import { groupFor, groupWidth, type Workspace } from '../workspace/workspace.ts';
import { type Binning, jsBinning, type Rows } from './binning.ts';
import { type Bins, quantileBins } from './bins.ts';
import { encodeColumn } from './encode-column.ts';
import { encodeRows } from './encode-rows.ts';

const number = (value: number): number => 3 * value - 1;
const byte = (value: number): number => Math.floor(256 * value);
const few = (value: number): number => Math.floor(90 * value);

function made(rows: number, features: number, from: (value: number) => number, type: 'f' | 'i' | 'b'): Rows {
  const values = uniforms(hostKey(rows), rows * features).map(from);
  return type === 'f' ? Float32Array.from(values) : type === 'i' ? Int32Array.from(values) : Uint8Array.from(values);
}

test.each([
  ['numbers', made(131, 7, number, 'f'), 7],
  ['more rows than bins are made from', made(20_101, 3, number, 'f'), 3],
  ['few different numbers', made(531, 5, (value) => byte(value) / 7, 'f'), 5],
  ['as many different numbers as bins, or one more', made(1_900, 5, (value) => Math.floor(255.4 * value) / 4, 'f'), 5],
  ['a few numbers, one of them often', made(1_900, 5, (value) => Math.max(0.4, value), 'f'), 5],
  ['whole numbers', made(131, 7, (value) => byte(value) - 99, 'i'), 7],
  ['bytes', made(131, 7, byte, 'b'), 7],
  ['a wide table of numbers', made(1_031, 101, number, 'f'), 101],
  ['a wide table of bytes', made(1_031, 101, byte, 'b'), 101],
  ['a wide table of numbers that are all bytes', made(1_501, 103, byte, 'f'), 103],
  ['a wide table of few bytes', made(1_031, 101, few, 'f'), 101],
  ['a wide table of bytes but the last', made(1_031, 101, few, 'f').with(-1, 256) as Rows, 101],
  ['a wide table of bytes but one below 0', made(1_031, 101, few, 'f').with(7, -1) as Rows, 101],
  ['a wide table of bytes but a broken one', made(1_031, 101, few, 'f').with(31, 0.5) as Rows, 101],
])('%s', async (_, data, features) => {
  const rows = data.length / features;
  const sizes = { rows, features, classes: 2, codeBytes: 1, group: 1, growers: 1, votes: 0 } as const;
  const columns = Array.from({ length: features }, (_, f) => ({
    name: `x${f}`,
    kind: 'number' as const,
    values: data.slice(0, rows).map((_, row) => data[row * features + f] as number),
  }));
  const bins = columns.map((column) => quantileBins(column));
  const codes = new Uint8Array(rows * features);
  columns.forEach((column, f) => {
    expect(encodeColumn(column, bins[f] as (typeof bins)[number], codes, f * rows, 1, 'fit()')).toBe(false);
  });
  const module = await wasmModule('binning', false);
  const own = plotOf(makeGround(sizes, false, false), sizes, 0);
  const emitted = (group: number): readonly [Workspace, Binning] => {
    const memory = makeGround({ ...sizes, group }, true, false) as WebAssembly.Memory;
    const workspace = plotOf(memory, { ...sizes, group }, 0);
    return [workspace, wasmBinning(module, memory, workspace)];
  };
  const ways = [[own, jsBinning()] as const, emitted(1), ...(groupFor(sizes, 9) > 1 ? [emitted(groupWidth)] : [])];
  expect(ways.length).toBe(features < 100 ? 2 : 3);
  for (const [workspace, binning] of ways) {
    const encode = (known?: typeof bins): readonly Bins[] =>
      binning.encodeRows?.(data, known, 'fit()') ?? encodeRows(data, known, workspace, binning, 'fit()');
    expect(encode()).toEqual(bins);
    const check = (): void => {
      expect(Buffer.compare(Buffer.from(inColumns(workspace).codes), Buffer.from(codes))).toBe(0);
      if (features < 100 || workspace.group > 1) return;
      const byRow = workspace.rowCodes.map(
        (_, at) => codes[(at % features) * rows + Math.floor(at / features)] as number,
      );
      expect(Buffer.compare(Buffer.from(workspace.rowCodes), Buffer.from(byRow))).toBe(0);
    };
    check();
    // By bins that are known.
    workspace.codes.fill(0);
    encode(bins);
    check();
  }
});
