/**
 * Fingerprints of data: 64 hex digits from a text with shapes, labels, names and a hash of each array. Equal data, equal
 * fingerprint, on every machine; see content-hash.ts for what it is not.
 */
import type { Label, Numbers, Shape, Table } from '@dendrite/spec';
import { contentHash } from './content-hash.ts';

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

/** The digest of a text that lists each part with its type, size and hash: large arrays are never joined. */
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
  const columns = table?.columns.map(({ name, kind, values, missing, categories }) => [
    name,
    kind,
    part(values),
    part(missing),
    categories ?? null,
  ]);
  const text = JSON.stringify([
    'dendrite data 2',
    shape ?? null,
    labels ?? null,
    names ?? null,
    part(data),
    part(targets),
    part(sampleWeight),
    part(indices),
    columns ?? null,
  ]);
  const bytes = new TextEncoder().encode(text);
  return contentHash(bytes) + contentHash(bytes, 1);
}

function part(array: Numbers | undefined): readonly [string, number, string] | null {
  if (array === undefined) return null;
  const { buffer, byteOffset, byteLength, length } = array;
  return [array.constructor.name, length, contentHash(new Uint8Array(buffer, byteOffset, byteLength))];
}
