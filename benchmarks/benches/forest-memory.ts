// Memory of training on 60,000 pictures: the most the process ever held, above what it held with the data.
import { spawnSync } from 'node:child_process';
import { type Missing, type Row, row } from '../harness/result.ts';
import { fitTable, forestCases } from './forest-cases.ts';

const name = 'fashion, 60k × 784 uint8, out of bag';
const trees = 100;

/** MB above the data; the bar is that with a row-major copy of the codes, which ours has. */
export async function memoryRow(): Promise<Row | Missing> {
  const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, import.meta.filename], {
    encoding: 'utf8',
  });
  const megabytes = Number(stdout);
  if (stdout === '' || !Number.isFinite(megabytes))
    return { peer: `memory: ${name}`, why: stderr.trim().split('\n').at(-1) ?? 'it failed' };
  return row(`memory: ${name}, ${trees} trees`, 'MB', megabytes, {}, { target: 150 });
}

if (import.meta.main) {
  const table = await forestCases.find((each) => each.name === name)?.table();
  if (table) {
    const before = Math.max(process.memoryUsage().rss, process.resourceUsage().maxRSS * 1024);
    await fitTable(table, trees, 'wasm', 1);
    console.log((process.resourceUsage().maxRSS * 1024 - before) / 1e6);
  }
}
