/** What `without-webassembly.test.ts` runs in a Node without WebAssembly: what the library says, and what it does instead. */
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime, mul, sum, valueAndGrad } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';

const opened = await wasm().open();
const runtime = await createRuntime({ backends: [wasm()] });
const { gradients } = valueAndGrad((x: Tensor) => sum(mul(x, x)))(runtime.tensor([1, 2, 3]));
const refused = await createRuntime({ backends: [wasm()], fallback: false }).catch((error: unknown) => String(error));
console.log(
  JSON.stringify({
    webAssembly: typeof WebAssembly,
    why: 'unavailable' in opened ? opened.unavailable : opened.name,
    runtime: runtime.name,
    gradient: await gradients.toArray(),
    refused: typeof refused === 'string' ? refused : refused.name,
  }),
);
await runtime.dispose();
