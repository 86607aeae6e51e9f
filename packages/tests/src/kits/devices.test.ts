/** Every backend through the backend kit: the Device contract with no engine in between. */
import { tfjs } from '@dendrite/backend-tfjs';
import { wasm } from '@dendrite/backend-wasm';
import { backendConformance } from '@dendrite/conformance';
import { cpu } from '@dendrite/core';
import { describe, test } from 'vitest';

const backends = {
  cpu: cpu(),
  wasm: wasm({ threads: 1 }),
  'wasm, 3 threads': wasm({ threads: 3, split: 'always', specializeFrom: 1 }),
  'tfjs-cpu': tfjs('cpu'),
  'tfjs-wasm': tfjs('wasm'),
  'tfjs-webgpu': tfjs('webgpu'),
};

describe.each(Object.entries(backends))('device of %s', (_name, backend) => {
  for (const each of backendConformance(backend)) test(each.name, { timeout: 60_000 }, each.run);
});
