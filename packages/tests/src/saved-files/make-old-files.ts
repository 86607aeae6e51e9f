// `node --conditions=@dendrite/source packages/tests/src/saved-files/make-old-files.ts`: writes a file of each small model, and what it
// answers, into packages/tests/saved-files/<version of the packages>. To be run once for a version that changes what is saved, and
// never again: what lies there must be readable for good, so a folder that exists is left alone.
import { access, mkdir, writeFile } from 'node:fs/promises';
import { load, toBytes } from '@dendrite/model';
import model from '@dendrite/model/package.json' with { type: 'json' };
import type { OldAnswers } from './old-answers.ts';
import { smallModels, tables } from './small-models.ts';

/** Checkpoints are kept of these: one of each kind. */
const resumed = ['classifier', 'sequence-classifier', 'forest-classifier'];

const folder = new URL(`../../saved-files/${model.version}/`, import.meta.url);
const there = await access(folder).then(
  () => true,
  () => false,
);
if (there) {
  console.error(`make-old-files: ${folder.pathname} exists. Files of a version are made once.`);
  process.exit(1);
}
await mkdir(folder, { recursive: true });
const answers: Record<string, OldAnswers> = {};
for (const { name, make, inputs } of smallModels) {
  const { saved, checkpoint } = await make();
  const bytes = toBytes(saved);
  await writeFile(new URL(`${name}.safetensors`, folder), bytes);
  if (checkpoint && resumed.includes(name))
    await writeFile(new URL(`${name}.checkpoint.safetensors`, folder), toBytes(checkpoint));
  const loaded = await load(bytes, { with: tables });
  answers[name] = { inputs, predictions: await loaded.predict(inputs as never) };
  loaded.dispose();
}
await writeFile(new URL('answers.json', folder), `${JSON.stringify(answers)}\n`);
console.log(
  `${Object.keys(answers).length} models in ${folder.pathname}; now \`biome format --write\` its answers.json`,
);
