// One process of the test with two: writes checkpoints into a folder that another process uses too, and looks at all that is there.
// writer.fixture.ts <folder> <rounds>: prints { written, refused, damaged, strange } as JSON.
import { type Checkpoint, isDendriteError } from '@dendrite/spec';
import { checkpointNames, digestOf, writeCheckpoint } from './checkpoint-file.ts';
import { directory } from './directory.ts';

const [folder = '', rounds = '1'] = process.argv.slice(2);
const store = directory(folder);
let [written, refused, damaged] = [0, 0, 0];
const strange: string[] = [];

/** The same in both processes, as two runs of one command write them; large enough to be seen half written. */
const checkpointAt = (step: number): Checkpoint => ({
  header: {
    ...{ format: 'dendrite', version: 1, model: { name: 'test/none', version: '1.0.0', api: 1 }, config: null },
    ...{ task: 'regression', preprocessing: null, seed: 0, data: '', packages: {}, extra: null },
  },
  arrays: { weights: { dtype: 'float32', shape: [100_000], data: new Float32Array(100_000).fill(step) } },
  cursor: { epoch: 0, batch: step, step },
  callbacks: {},
  run: null,
});

for (let round = 0; round < Number(rounds); round++) {
  try {
    // Few names, so that both often write the same.
    await writeCheckpoint(store, checkpointAt(round % 3));
    written++;
    for (const { name, digest } of await checkpointNames(store)) {
      const bytes = await store.read(name);
      if (bytes !== undefined && (await digestOf(bytes)) !== digest) damaged++;
    }
    for (const { name } of (await checkpointNames(store)).slice(2)) await store.remove(name);
  } catch (error) {
    if (
      isDendriteError(error, 'DATA') &&
      /Does another run write to this folder.*Give each run its own/.test(error.message)
    )
      refused++;
    else strange.push(String(error));
  }
}
process.stdout.write(JSON.stringify({ written, refused, damaged, strange }));
