/** What the README says of kernels, functions and limits is what the code does. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { mostModules } from './device/kernel-modules.ts';
import { mostLinked } from './device/wasm-device.ts';
import { elementary, hostBinary, hostUnary } from './expressions/lower-node.ts';
import { worthSharing } from './threads/job.ts';

const readme = (await readFile(new URL('../README.md', import.meta.url), 'utf8')).replaceAll(/\s+/g, ' ');
const matrix = await readFile(new URL('../../../docs/support-matrix.md', import.meta.url), 'utf8');
const namesIn = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name).sort();

test('whose functions are polynomials of ours, and whose the host’s', () => {
  const [, ours, theirs] =
    /formulas become one SIMD loop.*? too\. (.*?) are polynomials of our own; (.*?) are the host's/.exec(readme) ?? [];
  expect(namesIn(ours)).toEqual([...Object.keys(elementary), 'sin', 'cos'].sort());
  expect(namesIn(theirs)).toEqual([...hostUnary, ...hostBinary].sort());
});

test('the ops that run in JavaScript are those of the support matrix', () => {
  const rows = matrix.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const slow = rows.filter(([, , , , wasm]) => wasm?.startsWith('JS')).map(([, op]) => op);
  const [, named] = /and the ops (.*?), which/.exec(readme) ?? [];
  expect(namesIn(named)).toEqual(slow.sort());
});

test('how many kernels live, and what is shared', () => {
  expect(readme).toContain(`At most ${mostModules} live, and the functions of at most ${mostLinked} recorded steps`);
  // Work is counted in pieces of 0.02 ns.
  expect(readme).toContain(`Under ${(worthSharing * 0.02) / 1000} µs of work`);
});
