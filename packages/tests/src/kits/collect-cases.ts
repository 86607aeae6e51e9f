/** Every case table of the packages that define ops, found by its file name: a new table is run without being listed. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OpCases } from '@dendrite/spec';
import { tablesIn } from './tables-in.ts';

const packages = new URL('../../../', import.meta.url);
const names = ['core', 'nn', 'cnn', 'rnn-lstm', 'attention'] as const;

/** Tables by package. */
export async function collectCases(): Promise<Readonly<Record<(typeof names)[number], readonly OpCases[]>>> {
  const found: Record<(typeof names)[number], OpCases[]> = { core: [], nn: [], cnn: [], 'rnn-lstm': [], attention: [] };
  for (const name of names) {
    const folder = new URL(`${name}/src/`, packages);
    const files = readdirSync(fileURLToPath(folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((each) => each.endsWith('.cases.ts')).sort()) {
      const exported: Readonly<Record<string, unknown>> = await import(/* @vite-ignore */ new URL(file, folder).href);
      found[name].push(...tablesIn(exported));
    }
  }
  return found;
}
