/** Where a stream starts: apart from it, since a page whose trees grow in WebAssembly needs no stream of JavaScript. */
import { randomBits } from '@dendrite/random';
import type { HostKey } from '@dendrite/spec';

/** The four words that a stream starts from. */
export const seedOf = (key: HostKey): Uint32Array => randomBits(key, 4);
