/** @dendrite/random-forest/to-javascript: a saved forest as a JavaScript module without dependencies. */
export { toJavaScript } from './javascript/to-javascript.ts';
