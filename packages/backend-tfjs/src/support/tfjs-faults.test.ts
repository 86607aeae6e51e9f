import type { Device } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDevice, variants } from '../device/device.fixture.ts';
import { isFault, measureFault, tfjsFaults } from './tfjs-faults.fixture.ts';

describe.each(variants)('faults of tfjs-%s that are composed around', (variant) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(variant);
  }, 60_000);
  afterAll(async () => device.dispose());

  test.each(tfjsFaults.filter((fault) => fault.variant === variant).map((fault) => [fault.what, fault] as const))(
    '%s',
    async (what, fault) => {
      const said = (await measureFault(device, fault)) ?? [];
      expect(
        isFault(fault, said),
        `${what} is right now (${said.slice(0, 4).join(', ')}): let the composition go`,
      ).toBe(true);
    },
  );
});
