// English words to phonemes by attention, beside a letter-to-sound table, on words that neither has seen:
// node --conditions=@dendrite/source examples/pronounce/main.ts [--short] [--words N] [--longest N] [--epochs N] [--seed S] [--backend wasm|cpu] [--picture FILE.html] [WORD …]
import { writeFile } from 'node:fs/promises';
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { heatMap, htmlReport } from '@dendrite/report';
import { DendriteError, isDendriteError } from '@dendrite/spec';
import { readFlags } from '../flags/flags.ts';
import { pronounce, shortPlan, wholePlan } from './pronounce.ts';
import { pronouncedWords, splitWords } from './words.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

async function main(): Promise<void> {
  const { values, positionals } = readFlags({
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      words: { type: 'string' },
      longest: { type: 'string' },
      epochs: { type: 'string' },
      seed: { type: 'string', default: '7' },
      backend: { type: 'string', default: 'wasm' },
      picture: { type: 'string' },
    },
  });
  const { backend, picture } = values;
  if (backend !== 'wasm' && backend !== 'cpu')
    throw new DendriteError('OPTION', `pronounce: --backend must be wasm or cpu, got ${backend}.`);
  const plan = values.short ? shortPlan : wholePlan;
  const limit = values.words === undefined ? plan.words : Number(values.words);
  const words = splitWords(pronouncedWords(Number(values.longest ?? plan.longest)), {
    share: 0.05,
    seed: Number(values.seed),
    ...(limit !== undefined && { limit }),
  });
  const runtime = await createRuntime({ backends: backend === 'wasm' ? [wasm()] : [] });
  console.log(
    `${words.train.length} words to learn from, ${words.test.length} held out, on ${runtime.name} (${runtime.device.details})`,
  );
  const begin = performance.now();
  let told = 0;
  const { model, table, net, whole, said } = await pronounce(words, {
    epochs: Number(values.epochs ?? plan.epochs),
    seed: Number(values.seed),
    runtime,
    onProgress({ unit, done, of, seconds, metrics }) {
      if (unit !== 'batch' || (seconds < told + 15 && done < of)) return;
      told = seconds;
      console.log(`step ${done} of ${of}, loss ${metrics.loss?.toFixed(3)}, ${seconds.toFixed(0)} s`);
    },
  });
  console.log(`\nphoneme errors on ${words.test.length} held-out words`);
  console.log(`  letter-to-sound table  ${percent(table)}`);
  console.log(`  attention              ${percent(net)}   (${percent(whole)} of the words without any error)`);
  console.log(`  ${((performance.now() - begin) / 1000).toFixed(0)} s in all\n`);
  for (const [i, { word, phonemes }] of words.test.slice(0, 8).entries())
    console.log(`${word.padEnd(16)} ${said[i]?.padEnd(36)} ${said[i] === phonemes ? '' : `(it is ${phonemes})`}`);
  const shown = positionals.length > 0 ? positionals : ['through', 'dendrite', 'photographer'];
  const maps: string[] = [];
  for (const word of shown) {
    const map = await model.attention(word);
    console.log(`${word.padEnd(16)} ${map.rows.join(' ')}`);
    maps.push(
      heatMap(map, { title: word, rowLabel: 'phonemes written', columnLabel: 'letters read', full: 1, numbers: false }),
    );
  }
  if (picture !== undefined)
    await writeFile(
      picture,
      htmlReport({
        title: 'Letters to phonemes: where attention looks',
        sections: [{ title: 'Attention', figures: maps }],
      }),
    );
  model.dispose();
  await runtime.dispose();
  // The short form in CI relies on it.
  if (net >= table)
    throw new DendriteError(
      'NUMERIC',
      `pronounce: attention must be better than the table, got ${percent(net)} against ${percent(table)}.`,
    );
}

main().catch((error: unknown) => {
  console.error(isDendriteError(error) ? error.message : error);
  process.exitCode = 1;
});
