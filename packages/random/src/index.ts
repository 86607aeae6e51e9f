/** @dendrite/random: counter-based random keys and numbers for the host. */
export { forkWords } from './fork-words.ts';
export { hostKey, keyFromWords } from './host-key.ts';
export { choice, integers, permutation } from './permutation.ts';
export { randomBits } from './random-bits.ts';
export { fillBits, threefry2x32 } from './threefry.ts';
export { normals, uniforms } from './uniforms.ts';
export { version } from './version.ts';
