/** What layers of this package say that they come from. */
import { version } from '../version.ts';

export const packages: Readonly<Record<string, string>> = { '@dendrite/cnn': version };
