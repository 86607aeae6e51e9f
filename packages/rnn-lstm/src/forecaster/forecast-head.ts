/** The head of a forecaster: the next H values of one channel, in the scale of the series. */
import { meanSquaredError, type TaskHead } from '@dendrite/nn';
import { DendriteError, type Shape } from '@dendrite/spec';

/** Targets and answers are in the data's own units; the network's are `(value − mean) / deviation`. @throws SHAPE */
export function forecastHead(
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
  horizon: number,
  output: Shape,
): TaskHead {
  if (output.length !== 2 || output[1] !== horizon)
    throw new DendriteError(
      'SHAPE',
      `forecaster(): its layer must give ${horizon} values, got the shape [${output.join(', ')}] for one example.`,
    );
  return {
    task: 'regression',
    json: null,
    lossScale: deviation ** 2,
    targets: (runtime, y) =>
      runtime.tensor(
        Float32Array.from(y, (value) => (value - mean) / deviation),
        [y.length / horizon, horizon],
        'float32',
      ),
    losses: (outputs, targets) => meanSquaredError(outputs, targets, { reduction: 'none' }),
    answer: (outputs) => outputs,
    // The first step ahead stands for a window where there is room for one number.
    read: (data) => ({
      values: Float64Array.from(
        { length: data.length / horizon },
        (_, row) => (data[row * horizon] ?? 0) * deviation + mean,
      ),
    }),
  };
}
