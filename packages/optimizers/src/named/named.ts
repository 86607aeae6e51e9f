/** Parts of an optimizer's config that name others: `{ name, config }`. */
import { DendriteError, type Json } from '@dendrite/spec';

/** How a file names an optimizer or a schedule. */
export const named = ({ name, config }: { readonly name: string; readonly config: Json }): Json => ({ name, config });

/** @throws FORMAT  if it is no object */
export function objectOf(owner: string, json: Json): Readonly<Record<string, Json>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Readonly<Record<string, Json>>;
  throw new DendriteError(
    'FORMAT',
    `${owner}: config must be an object, got ${JSON.stringify(json)}. The file is damaged.`,
  );
}
