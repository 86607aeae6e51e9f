/** The part of the graph that makes of the trees' answers what `predict` gives. */
import type { OnnxNode, OnnxTensor, OnnxValue } from '@dendrite/onnx';
import type { Label } from '@dendrite/spec';
import type { Names } from './graph-inputs.ts';

export interface GraphOutputs {
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly initializers: Readonly<Record<string, OnnxTensor>>;
}

/** The first of the largest probabilities. */
export function labelOutputs(labels: readonly Label[], names: Names): GraphOutputs {
  const [probabilities, label] = [names('output_probabilities'), names('output_label')];
  const [answers, known, place] = [names('answers'), names('labels'), names('place')];
  const { dtype, tensor } = labelTensor(labels);
  return {
    outputs: [
      { name: label, dtype, shape: ['rows'] },
      { name: probabilities, dtype: 'float32', shape: ['rows', labels.length] },
    ],
    nodes: [
      { op: 'Identity', inputs: [answers], outputs: [probabilities] },
      { op: 'ArgMax', inputs: [answers], outputs: [place], attributes: { axis: { int: 1 }, keepdims: { int: 0 } } },
      { op: 'Gather', inputs: [known, place], outputs: [label], attributes: { axis: { int: 0 } } },
    ],
    initializers: { [known]: tensor },
  };
}

/** Labels in their own type: texts, truth values, whole numbers, or float64. */
function labelTensor(labels: readonly Label[]): { readonly dtype: OnnxValue['dtype']; readonly tensor: OnnxTensor } {
  const shape = [labels.length];
  if (labels.some((label) => typeof label === 'string'))
    return { dtype: 'string', tensor: { shape, data: labels.map(String) } };
  if (labels.some((label) => typeof label === 'boolean'))
    return { dtype: 'bool', tensor: { shape, data: Uint8Array.from(labels, Number), dtype: 'bool' } };
  return labels.every(Number.isSafeInteger)
    ? { dtype: 'int64', tensor: { shape, data: BigInt64Array.from(labels, BigInt) } }
    : { dtype: 'float64', tensor: { shape, data: Float64Array.from(labels, Number) } };
}

/** The mean as it is; the median out of one answer a tree. */
export function numberOutputs(trees: number, combine: 'mean' | 'mode' | 'median', names: Names): GraphOutputs {
  const [value, answers] = [names('output_value'), names('answers')];
  const outputs: readonly OnnxValue[] = [{ name: value, dtype: 'float32', shape: ['rows', 1] }];
  if (combine !== 'median')
    return { outputs, nodes: [{ op: 'Identity', inputs: [answers], outputs: [value] }], initializers: {} };
  const [all, sorted, middle, pair] = [names('all'), names('sorted'), names('middle'), names('pair')];
  const places = trees % 2 === 1 ? [trees >> 1] : [(trees >> 1) - 1, trees >> 1];
  return {
    outputs,
    nodes: [
      {
        op: 'TopK',
        inputs: [answers, all],
        outputs: [sorted, names('order')],
        attributes: { axis: { int: 1 }, largest: { int: 0 }, sorted: { int: 1 } },
      },
      { op: 'Gather', inputs: [sorted, middle], outputs: [pair], attributes: { axis: { int: 1 } } },
      {
        op: 'ReduceMean',
        inputs: [pair],
        outputs: [value],
        attributes: { axes: { ints: [1] }, keepdims: { int: 1 } },
      },
    ],
    initializers: {
      [all]: { shape: [1], data: BigInt64Array.of(BigInt(trees)) },
      [middle]: { shape: [places.length], data: BigInt64Array.from(places, BigInt) },
    },
  };
}
