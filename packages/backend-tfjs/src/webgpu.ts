/** `@dendrite/backend-tfjs/webgpu`: tfjs's WebGPU backend with its packages imported up front, for bundlers. */
import type { Backend } from '@dendrite/spec';
import * as webgpu from '@tensorflow/tfjs-backend-webgpu';
import * as core from '@tensorflow/tfjs-core';
import { provideWebgpu } from '#dawn';
import { backendOf } from './backend-of.ts';
import { openWebgpu } from './load/open-tfjs.ts';

/** The same as `tfjs('webgpu')`. */
export const tfjsWebgpu = (): Backend =>
  backendOf('webgpu', async () => {
    const lacking = await provideWebgpu();
    return lacking === undefined ? openWebgpu(core, webgpu) : { unavailable: lacking };
  });
