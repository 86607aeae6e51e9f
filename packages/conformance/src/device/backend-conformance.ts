/** The backend kit: the Device contract itself, with no engine in between; then the primitives, through an engine. */
import type { Backend, Device, OpCases, Runtime } from '@dendrite/spec';
import { check, type ExpectedFailures, type KitCase, withExpectedFailures } from '../kit/kit-case.ts';
import { opConformance } from '../op/op-conformance.ts';
import type { CheckGradients } from '../op/op-kit.ts';
import { expressionCases } from './expression-cases.ts';
import { memoryCases } from './memory-cases.ts';
import { orderCases } from './order-cases.ts';
import { recordCases } from './record-cases.ts';

export interface DeviceCase {
  readonly name: string;
  run(device: Device): Promise<void>;
}

export interface BackendKit {
  /** A runtime on this backend, one that judges it, and the primitives' case tables: they then go through the op kit, too. */
  readonly ops?: {
    readonly runtime: Runtime;
    readonly reference: Runtime;
    readonly tables: readonly OpCases[];
    readonly checkGradients?: CheckGradients;
  };
  readonly expectedFailures?: ExpectedFailures;
}

/**
 * Opens the backend once, tests what every device promises (memory, order, expressions over a battery of values), and closes it
 * in the last case: run the cases in order.
 * @example
 * import { cpu } from '@dendrite/core';
 * import { backendConformance } from '@dendrite/conformance';
 * for (const c of backendConformance(cpu())) await c.run();
 */
export function backendConformance(backend: Backend, { ops, expectedFailures }: BackendKit = {}): readonly KitCase[] {
  let opened: Promise<Device> | undefined;
  const open = async (): Promise<Device> => {
    opened ??= backend.open().then((device) => {
      check(!('unavailable' in device), () => `must open here: ${'unavailable' in device ? device.unavailable : ''}`);
      return device as Device;
    });
    return opened;
  };
  const cases = [...contractCases(backend), ...memoryCases, ...orderCases, ...recordCases, ...expressionCases].map(
    ({ name, run }): KitCase => ({
      name,
      async run() {
        const device = await open();
        const before = device.memory();
        await run(device);
        const after = device.memory();
        check(
          after.buffers === before.buffers && after.live === before.live,
          `must leave nothing, got ${after.buffers - before.buffers} buffers and ${after.live - before.live} bytes more`,
        );
      },
    }),
  );
  const last: KitCase = {
    name: 'device: dispose frees everything, and twice is harmless',
    async run() {
      const device = await open();
      device.upload(
        { buffer: device.allocate(8), offset: 0, spec: { shape: [2], dtype: 'float32' } },
        Float32Array.of(1, 2),
      );
      await device.dispose();
      await device.dispose();
      opened = undefined;
    },
  };
  const all = [...cases, last, ...(ops ? opConformance(ops, ops.tables) : [])];
  return withExpectedFailures(`backend kit of ${backend.meta.name}`, all, expectedFailures);
}

const contractCases = ({ meta, open }: Backend): readonly DeviceCase[] => [
  {
    name: 'device: says what it is',
    async run(device) {
      check(
        meta.api === 1 && meta.name !== '' && /^\d+\.\d+\.\d+/.test(meta.version),
        `meta must name it, got ${JSON.stringify(meta)}`,
      );
      check(
        device.name.startsWith(meta.name.split('-')[0] ?? ''),
        `the device's name must begin with the backend's, got '${device.name}' of '${meta.name}'`,
      );
      check(device.details.length > 3, `details must say something, got '${device.details}'`);
      for (const dtype of ['float32', 'int32', 'bool'] as const) check(device.dtypes.has(dtype), `must have ${dtype}`);
      check(device.limits.bufferBytes >= 2 ** 20, `must hold buffers of 1 MiB, got ${device.limits.bufferBytes}`);
      check(device.hostVisible || !device.languages.includes('js'), 'only a host-visible device runs JS kernels');
      check(!device.hostVisible || device.view !== undefined, 'a host-visible device must have view()');
      check(
        !device.languages.includes('js') || device.prepare !== undefined,
        'a device that runs JS kernels must have prepare()',
      );
    },
  },
  {
    name: 'device: an aborted signal is heeded',
    async run() {
      const controller = new AbortController();
      controller.abort(new Error('changed my mind'));
      let refused = false;
      try {
        const device = await open({ signal: controller.signal });
        if (!('unavailable' in device)) await device.dispose();
        else refused = true;
      } catch {
        refused = true;
      }
      check(refused, 'open() with an aborted signal must not give a device');
    },
  },
];
