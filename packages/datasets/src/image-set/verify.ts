/** Whether the bytes of a published set are the published ones: a damaged copy trains, only worse. */
import { DendriteError } from '@dendrite/spec';
import type { PartName } from './find-files.ts';
import type { ImageSetDefinition } from './image-set.ts';

/** @throws FORMAT  if the unpacked file has another sha-256 than the published one. */
export async function verify(
  { call, title, sha256 }: ImageSetDefinition,
  part: PartName,
  name: string,
  file: Uint8Array,
): Promise<void> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(file));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex === sha256[part]) return;
  throw new DendriteError(
    'FORMAT',
    `${call}: ${name} must have the sha-256 of ${title}, ${sha256[part]}, got ${hex}. It is damaged or another file: fetch it again, or give its folder in { folder } to use it as it is.`,
  );
}
