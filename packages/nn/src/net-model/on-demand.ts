/**
 * What not every training needs: its plan, networks out of files, many short steps in one call. One module to import: what two such
 * imports shared, much of the engine among it, bundlers would cut out of the page as files of their own.
 */
export { Bundle } from './bundle.ts';
export { goOnFrom } from './go-on-from.ts';
export { planNet } from './plan-net.ts';
export { restoreNet } from './restore-net.ts';
