// `pnpm wrong-use`: makes 30 wrong calls and prints the message each gives. Exit code 1 where one does not throw a Dendrite
// error of the expected code, or its message lacks the numbers or the advice.
import { ofData } from './of-data.ts';
import { ofLayers } from './of-layers.ts';
import { ofSequences } from './of-sequences.ts';
import { ofTensors } from './of-tensors.ts';
import { judge } from './wrong-call.ts';

const rows = [...ofTensors, ...ofLayers, ...ofSequences, ...ofData];
let faults = 0;
for (const [i, row] of rows.entries()) {
  const outcome = await judge(row);
  console.log(`${String(i + 1).padStart(2)}  ${row.mistake}`);
  if ('message' in outcome) console.log(`    ${row.code}: ${outcome.message}\n`);
  else {
    faults++;
    console.log(`    FAULT: ${outcome.fault}\n`);
  }
}
console.log(`wrong-use: ${rows.length - faults} of ${rows.length} wrong calls teach`);
process.exit(faults > 0 || rows.length < 30 ? 1 : 0);
