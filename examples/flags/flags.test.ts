/** A wrong flag is answered with a line, not with a stack; so is `--help`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flagLine } from './flags.ts';

test('the line names all flags', () => {
  expect(flagLine({ options: { short: { type: 'boolean' }, seed: { type: 'string' } }, allowPositionals: true })).toBe(
    'Flags: [--short] [--seed VALUE] [WORD …]',
  );
});

test.each([
  ['--foo', 2, '', "Unknown option '--foo'. Flags: [--data VALUE] [--picture VALUE] [--short]\n"],
  ['--help', 0, 'Flags: [--data VALUE] [--picture VALUE] [--short]\n', ''],
  [
    '--data=no-such-folder',
    2,
    '',
    'forecast: there must be a file sunspot.month.csv in no-such-folder. Name its folder, or leave --data out.\n',
  ],
])('forecast %s', (flag, code, out, error) => {
  const program = ['--conditions=@dendrite/source', join(import.meta.dirname, '..', 'forecast', 'main.ts'), flag];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([code, out, error]);
});
