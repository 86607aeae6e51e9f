/**
 * What looks at a network on devices that compute nothing: its plan, and what a file's network would take. One module to import: what
 * two such imports shared, much of the engine among it, bundlers would cut out of the page as files of their own.
 */
export { checkSize } from './check-size.ts';
export { planNet } from './plan-net.ts';
