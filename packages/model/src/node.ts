/** @dendrite/model/node: what needs a file system. */
export { directory } from './checkpoints/directory.ts';
