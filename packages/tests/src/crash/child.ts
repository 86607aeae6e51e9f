// One process of the crash test: trains the model, goes on from what its folder holds, dies at the moment it is told, or prints its end.
// child.ts <model> <folder> [moment as JSON]
import { directory } from '@dendrite/model/node';
import { type CrashModel, endOf } from './crash-models.ts';
import type { Moment } from './kill-moments.ts';
import { die, watchWrites } from './killed-writes.ts';

const [model, folder = '', given] = process.argv.slice(2);
const moment = given === undefined ? undefined : (JSON.parse(given) as Moment);
const writes = watchWrites(moment?.kind === 'write' ? moment : undefined);
const every = { lenet: 5, lstm: 7, mlp: 40, forest: 6 };
let events = 0;
let first = 0;
const sha256 = await endOf(model as CrashModel, {
  checkpoint: { every: every[model as CrashModel], store: directory(folder), keep: { last: 3 } },
  onProgress({ done }) {
    events++;
    if (events === 1) first = done;
    if (moment?.kind === 'event' && moment.at === events) void die();
    // Whoever started this process kills it.
    if (moment?.kind === 'outside' && moment.at === events) process.stdout.write('now\n');
  },
});
console.log(JSON.stringify({ sha256, events, first, writes: writes() }));
process.exit();
