/** What callers without types give in place of a saved model. Apart: a page that predicts reads its own bytes and needs none of it. */
import { DendriteError } from '@dendrite/spec';

/** @throws OPTION  where it is something else; it says how to come by one */
export function checkIsSaved(saved: unknown, where: string): void {
  if (typeof saved === 'object' && saved !== null && 'header' in saved && 'arrays' in saved) return;
  const isBytes = saved instanceof Uint8Array || saved instanceof ArrayBuffer;
  throw new DendriteError(
    'OPTION',
    `${where}: a saved model or checkpoint is needed, got ${isBytes ? 'bytes. Read them: fromBytes(bytes)' : 'something else. Save a fitted model first: await fitted.save()'}.`,
  );
}
