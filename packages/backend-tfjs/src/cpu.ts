/** `@dendrite/backend-tfjs/cpu`: tfjs's cpu backend with its packages imported up front, for bundlers. */
import type { Backend } from '@dendrite/spec';
import * as cpu from '@tensorflow/tfjs-backend-cpu';
import * as core from '@tensorflow/tfjs-core';
import { backendOf } from './backend-of.ts';
import { openCpu } from './load/open-tfjs.ts';

/** The same as `tfjs('cpu')`. */
export const tfjsCpu = (): Backend => backendOf('cpu', () => openCpu(core, cpu));
