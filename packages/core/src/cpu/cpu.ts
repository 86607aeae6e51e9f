/** The CPU backend: plain JavaScript, always there. The fast ones are packages of their own. */
import { type Backend, DendriteError } from '@dendrite/spec';
import { version } from '../version.ts';

/** The CPU backend. Always behind the others in `createRuntime`; a program in which another works never loads it. */
export const cpu = (): Backend => ({
  '~dendrite': 'backend',
  meta: { name: 'cpu', version, api: 1 },
  open: async ({ signal } = {}) => {
    if (signal?.aborted) throw new DendriteError('ABORTED', 'cpu(): opening was aborted.', { cause: signal.reason });
    const { CpuDevice } = await import('./cpu-device.ts');
    return new CpuDevice();
  },
});
