/** activations.json: `output` and `grad` of sum(output), or of sum(output · cotangent). */
import * as core from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import type { Machine } from './machine.ts';
import { configOf, type Fields, NotBuilt, numberAt, type ReferenceCase, tensorAt } from './reference-case.ts';
import { Results } from './results.ts';

type Activation = (x: Tensor, config: Fields) => Tensor;

/** Torch's name → ours. */
const activations: Readonly<Record<string, Activation>> = {
  relu: core.relu,
  leaky_relu: (x, config) => core.leakyRelu(x, { slope: numberAt(config, 'negative_slope', 0.01) }),
  elu: (x, config) => core.elu(x, { alpha: numberAt(config, 'alpha', 1) }),
  selu: core.selu,
  celu: (x, config) => core.celu(x, { alpha: numberAt(config, 'alpha', 1) }),
  gelu: core.gelu,
  'gelu-tanh': core.geluTanh,
  silu: core.silu,
  mish: core.mish,
  softplus: core.softplus,
  softsign: core.softsign,
  tanh: core.tanh,
  sigmoid: core.sigmoid,
  logsigmoid: core.logSigmoid,
  hardtanh: core.hardTanh,
  hardsigmoid: core.hardSigmoid,
  hardswish: core.hardSwish,
  relu6: core.relu6,
  tanhshrink: core.tanhShrink,
  softmax: (x, config) => core.softmax(x, { axis: numberAt(config, 'dim', -1) }),
  log_softmax: (x, config) => core.logSoftmax(x, { axis: numberAt(config, 'dim', -1) }),
};

export async function runActivation(machine: Machine, { name, fields }: ReferenceCase): Promise<Results> {
  const activation = Object.hasOwn(activations, name) ? activations[name] : undefined;
  if (!activation) throw new NotBuilt(`activation ${name}`);
  const config = configOf(fields, ['negative_slope', 'alpha', 'dim']);
  const results = new Results();
  const x = machine.tensor(tensorAt(fields, 'input'));
  const cotangent = fields.cotangent === undefined ? undefined : machine.tensor(tensorAt(fields, 'cotangent'));
  const { aux, gradients } = core.valueAndGrad((input: Tensor) => {
    const y = activation(input, config);
    return { loss: core.sum(cotangent ? core.mul(y, cotangent) : y), aux: y };
  })(x);
  results.add('output', await machine.host(aux), tensorAt(fields, 'output'));
  results.add('grad', await machine.host(gradients), tensorAt(fields, 'grad'));
  return results;
}
