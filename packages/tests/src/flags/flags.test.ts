/** Wrong flags and the asked-for help. */
import { expect, test } from 'vitest';
import { readFlags } from './flags.ts';

const command = {
  help: 'bake [--times N]\n\nBakes so many times.',
  options: { times: { type: 'string', default: '3' } },
} as const;

test('values and defaults', () => {
  expect(readFlags(command, [])).toMatchObject({ values: { times: '3' } });
  expect(readFlags(command, ['--times', '4'])).toMatchObject({ values: { times: '4' } });
  expect(readFlags({ ...command, files: true }, ['a'])).toMatchObject({ positionals: ['a'] });
});

test('help, also beside wrong flags', () => {
  expect(readFlags(command, ['--help', '--tiems'])).toEqual({ exit: 0, says: command.help });
});

test.each([
  [['--tiems', '4'], "bake: Unknown option '--tiems'"],
  [['--times'], "bake: Option '--times <value>' argument missing"],
  [['--times', '-1'], "bake: Option '--times' argument is ambiguous"],
  [['a'], "bake: Unexpected argument 'a'"],
])('%s is one line', (args, text) => {
  const read = readFlags(command, args);
  expect(read).toMatchObject({ exit: 2, says: expect.stringContaining(text) });
  expect(read).toMatchObject({ says: expect.stringMatching(/^[^\n]*\. Write: pnpm bake \[--times N\]$/) });
});
