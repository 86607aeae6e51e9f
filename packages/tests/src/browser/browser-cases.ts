/// <reference types="vite/client" />
/** Every case table, as the bundler finds it: browsers have no folders. */
import type { OpCases } from '@dendrite/spec';
import { tablesIn } from '../kits/tables-in.ts';

const files = import.meta.glob<Readonly<Record<string, unknown>>>('../../../*/src/**/*.cases.ts');

export async function browserCases(): Promise<readonly OpCases[]> {
  const tables: OpCases[] = [];
  for (const path of Object.keys(files).sort()) tables.push(...tablesIn((await files[path]?.()) ?? {}));
  return tables;
}
