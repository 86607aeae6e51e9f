/** @dendrite/random: counter-based random keys and numbers for the host. */
export { forkWords } from './fork-words.ts';
export { hostKey, keyFromWords } from './host-key.ts';
export { choice, integers, permutation } from './permutation.ts';
export { normals, randomBits, uniforms } from './random-bits.ts';
export { fillBits, threefry2x32 } from './threefry.ts';
export { version } from './version.ts';
