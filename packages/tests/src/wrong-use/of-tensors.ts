// Wrong uses of tensors, gradients and runtimes.
import { tfjs } from '@dendrite/backend-tfjs';
import {
  add,
  cpu,
  createRuntime,
  gather,
  grad,
  matmul,
  mul,
  reshape,
  scope,
  takeAlongAxis,
  tensor,
  topK,
  zeros,
} from '@dendrite/core';
import type { Backend, Tensor } from '@dendrite/spec';
import type { WrongCall } from './wrong-call.ts';

const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
/** Of a shape that the compiler does not know: with a known one some of these calls are compile errors. */
const ofAnyShape = (shape: readonly number[]): Tensor => zeros(shape);
const other = await createRuntime({ backends: [tfjs('cpu')] });
/** A backend that cannot open, as one without its hardware. */
const npu: Backend = {
  '~dendrite': 'backend',
  meta: { name: 'acme-npu', version: '1.0.0', api: 1 },
  open: async () => ({ unavailable: 'this machine has no NPU; its driver is named acme-npu-driver' }),
};

export const ofTensors: readonly WrongCall[] = [
  {
    mistake: 'matrices whose inner lengths differ',
    code: 'SHAPE',
    says: ['[32, 64] × [63, 10]', '64 ≠ 63', 'Transpose or reshape'],
    call: () => matmul(zeros([32, 64]), ofAnyShape([63, 10])),
  },
  {
    mistake: 'shapes that do not broadcast',
    code: 'SHAPE',
    says: ['[2, 3]', '[2]', '3 ≠ 2'],
    call: () => add(x, tensor([1, 2])),
  },
  {
    mistake: 'two element types in one sum',
    code: 'DTYPE',
    says: ['float32', 'int32', 'ast'],
    call: () => add(x, tensor(Int32Array.of(1, 2, 3))),
  },
  {
    mistake: 'tensors of two runtimes',
    code: 'OPTION',
    says: ['cpu', 'tfjs-cpu', 'runtime.tensor(await x.data(), x.shape)'],
    call: () => mul(x, other.tensor([1, 2, 3])),
  },
  {
    mistake: 'a promise inside a scope',
    code: 'OPTION',
    says: ['synchronous', 'a promise', 'Await outside'],
    call: () => scope((async () => (await x.data())[0]) as () => never),
  },
  {
    mistake: 'a tensor after its scope has freed it',
    code: 'DISPOSED',
    says: ['[2, 3]', 'freed by its scope', 'Return it from scope(), or keep() it'],
    call: () => {
      let inner: Tensor = x;
      scope(() => {
        inner = mul(x, 2);
      });
      return inner.data();
    },
  },
  {
    mistake: 'the gradient of more than one number',
    code: 'SHAPE',
    says: ['one float number', '[2, 3]', 'mean() or sum()'],
    call: () => grad((p: Tensor) => mul(p, p))(x),
  },
  {
    mistake: 'a shape for another number of elements',
    code: 'SHAPE',
    says: ['6', '[2, 3]', '[4, 2]', '-1'],
    call: () => reshape(x, [4, 2]),
  },
  {
    mistake: 'a row that is not there',
    code: 'OPTION',
    says: ['0 to 1', 'got 7'],
    call: () => gather(x, tensor(Int32Array.of(0, 7))),
  },
  {
    mistake: 'the largest five of three',
    code: 'OPTION',
    says: ['axis 1', '3', 'got 5', 'smaller k'],
    call: () => topK(x, { k: 5 }),
  },
  {
    mistake: 'one index a row, without the axis they stand on',
    code: 'SHAPE',
    says: ['[2, 3]', 'axis 1', '[2]', 'gather()'],
    call: () => takeAlongAxis(x, tensor(Int32Array.of(0, 2))),
  },
  {
    mistake: 'a backend that is not there',
    code: 'BACKEND',
    says: ['none of 2', 'acme-npu (this machine has no NPU', 'acme-tpu', 'cpu() always works'],
    call: () =>
      createRuntime({ backends: [npu, { ...npu, meta: { ...npu.meta, name: 'acme-tpu' } }], fallback: false }),
  },
  {
    mistake: 'a backend without its parentheses',
    code: 'OPTION',
    says: ['function', 'not [wasm]'],
    call: () => createRuntime({ backends: [cpu as never] }),
  },
];
