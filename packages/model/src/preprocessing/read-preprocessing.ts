/** Preprocessing out of a file: every field is checked, because a file may hold anything. */
import { DendriteError, type Json } from '@dendrite/spec';
import type { ColumnPreprocessing, Preprocessing } from './preprocessing.ts';

/** @throws FORMAT  where the JSON is not a preprocessing; it says which field */
export function readPreprocessing(json: Json, where: string): Preprocessing {
  const record = asRecord(json, 'preprocessing', where);
  if (record.kind === 'values') {
    const { shape, dtype } = record;
    if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0))
      fail('preprocessing.shape', 'be a list of sizes', where);
    if (dtype !== 'float32' && dtype !== 'uint8' && dtype !== 'int32')
      fail('preprocessing.dtype', "be 'float32', 'uint8' or 'int32'", where);
    const names = record.names;
    return {
      kind: 'values',
      shape: shape.map(Number),
      dtype,
      ...(names !== undefined && { names: strings(names, 'preprocessing.names', where) }),
    };
  }
  if (record.kind !== 'table') fail('preprocessing.kind', "be 'values' or 'table'", where);
  const { columns, target } = record;
  if (!Array.isArray(columns)) fail('preprocessing.columns', 'be a list', where);
  if (target !== undefined && typeof target !== 'string') fail('preprocessing.target', 'be a name', where);
  const read = columns.map((column: Json, i) => readColumn(column, `preprocessing.columns[${i}]`, where));
  return { kind: 'table', columns: read, ...(target !== undefined && { target }) };
}

function readColumn(json: Json, field: string, where: string): ColumnPreprocessing {
  const { name, kind, categories, mean, deviation } = asRecord(json, field, where);
  if (typeof name !== 'string') fail(`${field}.name`, 'be a name', where);
  if (kind !== 'number' && kind !== 'category' && kind !== 'boolean' && kind !== 'date')
    fail(`${field}.kind`, 'be a kind of column', where);
  if (kind === 'category') return { name, kind, categories: strings(categories, `${field}.categories`, where) };
  if (mean === undefined && deviation === undefined) return { name, kind };
  if (typeof mean !== 'number') fail(`${field}.mean`, 'be a number', where);
  if (typeof deviation !== 'number' || deviation <= 0) fail(`${field}.deviation`, 'be a positive number', where);
  return { name, kind, mean, deviation };
}

function asRecord(json: Json | undefined, field: string, where: string): { readonly [key: string]: Json } {
  if (typeof json !== 'object' || json === null || isList(json)) fail(field, 'be an object', where);
  return json;
}
const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

function strings(json: Json | undefined, field: string, where: string): readonly string[] {
  if (!Array.isArray(json) || !json.every((item: Json): item is string => typeof item === 'string'))
    fail(field, 'be a list of texts', where);
  return json;
}

function fail(field: string, rule: string, where: string): never {
  throw new DendriteError('FORMAT', `${where}: ${field} must ${rule}. The file is damaged.`);
}
