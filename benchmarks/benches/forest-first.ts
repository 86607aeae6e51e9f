// `node forest-first.ts <case> <engine>`: milliseconds of the first fit of a process. The data are made before the clock starts.
import { fitTable, forestCases } from './forest-cases.ts';

const [name, engine] = process.argv.slice(2);
const given = forestCases.find((each) => each.name === name);
if (given === undefined) throw new Error(`forest-first: there must be a case of this name, got '${name}'.`);
const table = await given.table();
const began = performance.now();
await fitTable(table, given.trees, engine === 'js' ? 'js' : 'wasm', 1);
console.log(performance.now() - began);
