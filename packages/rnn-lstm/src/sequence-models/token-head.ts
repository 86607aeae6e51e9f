/** The head of models that answer at every step: codes `[B, T]` against logits `[B, T, K]`; a code of `nothing` does not count. */
import { argMax, cast, div, equal, maximum, mul, notEqual, reshape, slice, softmax, sum } from '@dendrite/core';
import { softmaxCrossEntropy, type TaskHead } from '@dendrite/nn';
import { DendriteError, type Label, type Shape, type Tensor } from '@dendrite/spec';

/** Code of a step without a target. */
export const nothing = -100;

/**
 * A row's loss is the mean over its steps that count.
 * @param standing  the step whose answer stands for a row where there is room for one
 * @throws SHAPE
 */
export function tokenHead(
  owner: string,
  labels: readonly Label[],
  output: Shape,
  standing: 'first' | 'last',
): TaskHead {
  const [, steps = 0, classes = 0] = output;
  if (output.length !== 3 || classes !== labels.length)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): its layer must give one output for each of the ${labels.length} labels at each step, got the shape [${output.join(', ')}] for one example.`,
    );
  const counts = (targets: Tensor): Tensor => cast(notEqual(targets, nothing), 'float32');
  const perRow = (values: Tensor, targets: Tensor): Tensor =>
    div(sum(values, { axes: 1 }), maximum(sum(counts(targets), { axes: 1 }), 1));
  return {
    task: 'classification',
    json: null,
    lossScale: 1,
    targets: (runtime, y) => runtime.tensor(Int32Array.from(y), [y.length / steps, steps], 'int32'),
    losses(outputs, targets) {
      const rows = outputs.shape[0] ?? 0;
      const flat = softmaxCrossEntropy(reshape(outputs, [rows * steps, classes]), reshape(targets, [rows * steps]), {
        reduction: 'none',
        ignoreIndex: nothing,
      });
      return perRow(reshape(flat, [rows, steps]), targets);
    },
    correct(outputs, targets) {
      const right = cast(equal(argMax(outputs, { axis: 2 }), targets), 'float32');
      return sum(perRow(mul(right, counts(targets)), targets));
    },
    // Of a long text only the last step is asked for; of tags all.
    answer: (outputs) =>
      softmax(
        standing === 'first' ? outputs : slice(outputs, { begin: [0, steps - 1], size: [outputs.shape[0] ?? 0, 1] }),
      ),
    read(data, [rows = 0, answered = 1]) {
      const probabilities = new Float32Array(rows * classes);
      for (let row = 0; row < rows; row++) {
        const at = row * answered * classes;
        probabilities.set(data.subarray(at, at + classes), row * classes);
      }
      return { probabilities };
    },
  };
}
