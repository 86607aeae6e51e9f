// A language model of characters on Moby-Dick, beside counts of characters in a row:
// node --conditions=@dendrite/source examples/characters/main.ts [--data FOLDER] [--short]
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { wasm } from '@dendrite/backend-wasm';
import { init } from '@dendrite/core';
import { readFlags } from '../flags/flags.ts';
import { learnText } from './learn.ts';

const beside = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'text');
const { values } = readFlags({
  options: { data: { type: 'string', default: beside }, short: { type: 'boolean', default: false } },
});
const file = join(values.data, 'moby-dick.txt.gz');
if (!existsSync(file)) {
  console.error(`characters: there must be a text at ${file}. Name its folder: --data FOLDER.`);
  process.exit(2);
}
const text = gunzipSync(readFileSync(file)).toString('utf8');
// The last tenth is the test; what is trained on ends where it begins.
const cut = Math.floor(0.9 * text.length);
const sizes = values.short
  ? { train: 30_000, test: 3_000, units: 48, epochs: 8, steps: 32, batchSize: 4, learningRate: 0.01 }
  : { train: cut, test: 60_000, units: 128, epochs: 5, steps: 50, batchSize: 16, learningRate: 0.006 };
const runtime = await init({ backends: [wasm()] });
const { train, test, ...options } = sizes;
const { bits, baseline, counts, written } = await learnText(
  { train: text.slice(cut - train, cut), test: text.slice(cut, cut + test) },
  { ...options, embedding: 32 },
  runtime,
  (line) => console.log(line),
);
console.log(`on ${test} characters not trained on: ${bits.toFixed(3)} bits a character`);
console.log(`counts of three characters in a row: ${baseline.toFixed(3)}`);
console.log(`  (of 1 to 6: ${counts.map(({ bits: each }) => each.toFixed(3)).join(', ')})`);
console.log(`\n${written}`);
if (!(bits < baseline)) {
  console.error('characters: the model must be better than counts of three characters.');
  process.exitCode = 1;
}
