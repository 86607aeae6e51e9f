/** Fingerprints of data: sha-256 over bytes, shapes, labels and names, in hex. Equal data, equal fingerprint, on every machine. */
import type { Label, Numbers, Shape, Table } from '@dendrite/spec';
import { sha256 } from './sha256.ts';

interface Parts {
  readonly data?: Numbers;
  readonly shape?: Shape;
  readonly table?: Table;
  readonly targets?: Numbers;
  readonly labels?: readonly Label[];
  readonly names?: readonly string[];
  readonly sampleWeight?: Numbers;
  /** Rows of `data` in use, and their order. */
  readonly indices?: Uint32Array;
}

/** The digest of a text that lists each part with its type, size and own digest: large arrays are never joined. */
export async function dataFingerprint({
  data,
  shape,
  table,
  targets,
  labels,
  names,
  sampleWeight,
  indices,
}: Parts): Promise<string> {
  const columns = table?.columns.map(async ({ name, kind, values, missing, categories }) => [
    name,
    kind,
    await part(values),
    await part(missing),
    categories ?? null,
  ]);
  const text = JSON.stringify([
    'dendrite data 1',
    shape ?? null,
    labels ?? null,
    names ?? null,
    await part(data),
    await part(targets),
    await part(sampleWeight),
    await part(indices),
    columns ? await Promise.all(columns) : null,
  ]);
  return sha256(new TextEncoder().encode(text));
}

async function part(array: Numbers | undefined): Promise<readonly [string, number, string] | null> {
  if (array === undefined) return null;
  return [
    array.constructor.name,
    array.length,
    await sha256(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  ];
}
