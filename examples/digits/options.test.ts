import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { help, parseOptions } from './options.ts';

test('without flags everything is left to the backend', () => {
  expect(parseOptions([])).toEqual({ seed: 7, randomLabels: false, out: 'out', help: false });
});

test('every flag is read', () => {
  const line =
    '--backend tfjs-wasm --data ../digits --epochs=3 --limit 500 --seed 0 --random-labels --out there --help';
  expect(parseOptions(line.split(' '))).toEqual({
    backend: 'tfjs-wasm',
    data: '../digits',
    epochs: 3,
    limit: 500,
    seed: 0,
    randomLabels: true,
    out: 'there',
    help: true,
  });
});

test.each([
  [
    '--epoch 3',
    'a flag must be one of --backend, --data, --epochs, --limit, --seed, --random-labels, --out, --help, got --epoch. Did you mean --epochs?',
  ],
  ['--zoom', 'got --zoom. `npm start -- --help` explains them.'],
  ['cpu', "arguments must be flags, got 'cpu'"],
  [
    '--backend gpu',
    "--backend must be one of cpu, wasm, tfjs-wasm, tfjs-webgpu, got 'gpu'. Leave it out for the best.",
  ],
  ['--epochs', 'takes one value'],
  ['--epochs 0', "--epochs must be a whole number of at least 1, got '0'."],
  ['--epochs 1.5', "got '1.5'"],
  ['--limit 1e3', "--limit must be a whole number of at least 20, got '1e3'."],
  ['--seed -1', '--seed'],
  ['--seed 99999999999', "got '99999999999'"],
  ['--random-labels=yes', 'takes one value'],
])('%s teaches', (line, text) => {
  try {
    parseOptions(line.split(' '));
    expect.unreachable();
  } catch (error) {
    expect(isDendriteError(error, 'OPTION') && error.message).toContain(text);
  }
});

test('the help names every flag', () => {
  for (const flag of ['backend', 'data', 'epochs', 'limit', 'seed', 'random-labels', 'out', 'help']) {
    expect(help).toContain(`--${flag}`);
  }
});
