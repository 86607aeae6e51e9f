/** A backend description from a way to open it. */
import { type Backend, DendriteError } from '@dendrite/spec';
import { TfjsDevice } from './device/tfjs-device.ts';
import { messageOf, type OpenedTfjs, type Unavailable } from './load/open-tfjs.ts';
import type { TfjsVariant } from './load/tfjs-options.ts';
import { version } from './version.ts';

export const backendOf = (variant: TfjsVariant, open: () => Promise<OpenedTfjs | Unavailable>): Backend => ({
  '~dendrite': 'backend',
  meta: { name: `tfjs-${variant}`, version, api: 1 },
  async open({ signal } = {}) {
    if (signal?.aborted)
      throw new DendriteError('ABORTED', `tfjs-${variant}: opening was aborted.`, { cause: signal.reason });
    try {
      const opened = await open();
      return 'unavailable' in opened ? opened : new TfjsDevice(opened);
    } catch (error) {
      return {
        unavailable: `tfjs-${variant} failed to open (${messageOf(error)}). Use another backend, and report it.`,
      };
    }
  },
});

/** What is said when a peer package cannot be imported. */
export const missing = (variant: TfjsVariant, error: unknown): Unavailable => ({
  unavailable: `tfjs-${variant} needs two packages of TensorFlow.js, and importing them failed (${messageOf(error)}). Install them: npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-${variant}@4.22.0`,
});
