/** `@dendrite/backend-tfjs/wasm`: tfjs's WASM backend with its packages imported up front, for bundlers. */
import type { Backend } from '@dendrite/spec';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as core from '@tensorflow/tfjs-core';
import { backendOf } from './backend-of.ts';
import { openWasm } from './load/open-tfjs.ts';
import type { TfjsOptions } from './load/tfjs-options.ts';

/** The same as `tfjs('wasm', options)`. */
export const tfjsWasm = (options: TfjsOptions = {}): Backend => backendOf('wasm', () => openWasm(core, wasm, options));
