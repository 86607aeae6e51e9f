/** Every backend through the backend kit: the Device contract with no engine in between. */
import { tfjs } from '@dendrite/backend-tfjs';
import { wasm } from '@dendrite/backend-wasm';
import { backendConformance } from '@dendrite/conformance';
import { cpu } from '@dendrite/core';
import { describe, test } from 'vitest';

describe.each(
  [cpu(), wasm(), tfjs('cpu'), tfjs('wasm'), tfjs('webgpu')].map((backend) => ({ name: backend.meta.name, backend })),
)('device of $name', ({ backend }) => {
  for (const each of backendConformance(backend)) test(each.name, { timeout: 60_000 }, each.run);
});
