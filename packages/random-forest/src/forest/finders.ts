/** How JavaScript finds leaves: loaded where WebAssembly does not run, or rows have gaps or categories. */
import { whenNeeded } from '@dendrite/model';

type Finders = typeof import('../predict/leaf-finder.ts');
export const finders: () => Finders | Promise<Finders> = whenNeeded(() => import('../predict/leaf-finder.ts'));
