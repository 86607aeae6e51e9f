// `pnpm replay model.safetensors --data iris|mnist|fashion-mnist|file.csv|module.ts [--target column] [--validation 0.1]
// [--backend wasm|wasm-plain|cpu] [--tolerance 0.01]`: trains again from what the file records and compares the numbers. Exit code 0
// where they have the same bits, or were made on another backend, processor or runtime and are as near as --tolerance says; 1 otherwise.
import { readFile } from 'node:fs/promises';
import { attentionLayers } from '@dendrite/attention';
import { wasm } from '@dendrite/backend-wasm';
import { cnnLayers } from '@dendrite/cnn';
import { createRuntime } from '@dendrite/core';
import { replay } from '@dendrite/model';
import { nnLayers } from '@dendrite/nn';
import { optimizersTable } from '@dendrite/optimizers';
import { forestModels } from '@dendrite/random-forest';
import { rnnLayers } from '@dendrite/rnn-lstm';
import { type Backend, DendriteError } from '@dendrite/spec';
import { endWith, flags } from '../flags/flags.ts';
import { dataNamed } from './data-named.ts';

const help = `replay MODEL.safetensors --data DATA [--target COLUMN] [--validation 0.1] [--backend wasm|wasm-plain|cpu] [--tolerance 0.01]

Trains again from what the file records (config, seed, options, versions, fingerprint of the data) and compares the numbers.
  --data        iris, mnist or fashion-mnist (their training parts), a .csv file, or a module whose default export gives
                { data, validation? }, as examples/digits/training-images.ts does; a function gets what
                stands after '?': 'training-images.ts?limit=600&seed=3'
  --target      the column of a .csv file to predict
  --validation  the share that was held out, where it was given to fit() as a share
  --tolerance   how far numbers may be off, of the largest of their array; default 0; 0.01 on another
                backend, processor or runtime than the file's, which are named
Exit code 0 where they have the same bits, or are as near as --tolerance says.
After npm start: pnpm replay out/digits.safetensors --data examples/digits/training-images.ts
After npm start -- --backend wasm --limit 600 --seed 3: the same with 'training-images.ts?limit=600&seed=3'`;
const backends: Readonly<Record<string, readonly Backend[]>> = {
  wasm: [wasm()],
  'wasm-plain': [wasm({ relaxed: false })],
  cpu: [],
};
/** NaN for what is none, and for nothing. */
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text.trim() || 'none');

try {
  const { values, positionals } = flags({
    help,
    files: true,
    options: {
      data: { type: 'string' },
      target: { type: 'string' },
      validation: { type: 'string' },
      backend: { type: 'string', default: 'wasm' },
      tolerance: { type: 'string' },
    },
  });
  const [file] = positionals;
  if (file === undefined) endWith(help, 'a model file must be named, got none');
  if (values.data === undefined)
    endWith(
      help,
      `--data must name what '${file}' was trained on: iris, mnist, fashion-mnist, a .csv file or a module; got none`,
    );
  const chosen = Object.hasOwn(backends, values.backend) ? backends[values.backend] : undefined;
  if (chosen === undefined)
    throw new DendriteError(
      'OPTION',
      `replay: --backend must be one of ${Object.keys(backends).join(', ')}, got '${values.backend}'.`,
    );
  const [share, most] = [numberOf(values.validation), numberOf(values.tolerance)];
  if (share !== undefined && !(share > 0 && share < 1))
    endWith(help, `--validation must be a share between 0 and 1, got '${values.validation}'`);
  if (most !== undefined && !(most >= 0))
    endWith(help, `--tolerance must be a number of at least 0, got '${values.tolerance}'`);
  const { data, validation = share } = await dataNamed(values.data, values.target);
  const runtime = await createRuntime({ backends: chosen, fallback: values.backend === 'cpu' });
  const started = performance.now();
  const { equal, difference, array, backend, elsewhere } = await replay(await readFile(file), data, {
    with: [nnLayers, cnnLayers, rnnLayers, attentionLayers, optimizersTable, forestModels],
    runtime,
    ...(validation !== undefined && { validation }),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${file}: trained again in ${seconds} s${backend === null ? '' : ` on ${backend}`}`);
  for (const { what, before, now } of elsewhere) console.log(`another ${what}: ${now}, the file's was ${before}`);
  const tolerance = most ?? (elsewhere.length > 0 ? 0.01 : 0);
  if (equal) console.log('the same bits');
  else
    console.log(
      `other bits: '${array}' is off by ${difference.toExponential(1)} of its largest number, ${tolerance} may be`,
    );
  await runtime.dispose();
  process.exitCode = equal || difference <= tolerance ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
