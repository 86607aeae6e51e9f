/** @dendrite/model/node: what needs a file system. */
export { directory } from './checkpoints/directory.ts';
export { appendTo } from './history/append-to.ts';
