/** The runtime used where nothing names one, at once: so the CPU device comes with it. */
import type { Runtime } from '@dendrite/spec';
import { CpuDevice } from '../cpu/cpu-device.ts';
import { chosenRuntime, fallbackRuntime } from './chosen-runtime.ts';

/** What `init()` made; before that, a CPU runtime made on first use. */
export const defaultRuntime = (): Runtime => chosenRuntime() ?? fallbackRuntime(CpuDevice);
