/** @dendrite/model/browser: what needs a browser. */
export { browserStorage } from './checkpoints/browser-storage.ts';
