/** An LSTM and a plain recurrent network learn the adding problem side by side: errors epoch by epoch, and gradients by step. */
import { mean, reshape, square, sub } from '@dendrite/core';
import { meanSquaredError as mse } from '@dendrite/metrics';
import { earlyStopping } from '@dendrite/model';
import { dense, orthogonal, regressor, sequential } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import { type GradientNorms, gradientNormsByStep, lstm, simpleRnn } from '@dendrite/rnn-lstm';
import type { Runtime, Tensor } from '@dendrite/spec';
import { type AddingData, addingData, alwaysOne } from './adding-data.ts';

export interface CompetePlan {
  readonly steps: number;
  readonly rows: number;
  readonly epochs: number;
  readonly units: number;
  readonly seed: number;
}
export interface Competitor {
  readonly name: string;
  /** Mean squared error on sequences not trained on, after each epoch. */
  readonly errors: readonly number[];
  /** On sequences that neither training nor any choice has seen. */
  readonly testError: number;
  /** Of the trained network. */
  readonly norms: GradientNorms;
}
export interface Competition {
  readonly baseline: number;
  readonly competitors: readonly Competitor[];
}

export async function compete(
  plan: CompetePlan,
  runtime: Runtime,
  tell: (line: string) => void = () => {},
): Promise<Competition> {
  const { steps, rows, epochs, units, seed } = plan;
  const train = addingData(rows, steps, seed);
  const validation = addingData(500, steps, seed + 1);
  const test = addingData(2000, steps, seed + 2);
  // Both begin with recurrent weights as wide as PyTorch's default, a factor of 1/√3 a step. From this package's default, a factor of 1,
  // the plain network learns this length too, later than the LSTM (0.013 after 16 epochs).
  const begin = { output: 'last', recurrentInitializer: orthogonal({ gain: Math.sqrt(1 / 3) }) } as const;
  const bodies = { 'plain RNN': simpleRnn(units, begin), LSTM: lstm(units, begin) };
  const competitors: Competitor[] = [];
  for (const [name, body] of Object.entries(bodies)) {
    const layer = sequential(body, dense(1));
    const errors: number[] = [];
    const model = regressor(layer, { optimizer: adam({ learningRate: 0.003 }), clip: { globalNorm: 1 } });
    const fitted = await model.fit(train, {
      runtime,
      epochs,
      batchSize: 50,
      seed,
      validation,
      callbacks: [earlyStopping({ monitor: 'validation.loss', patience: epochs, restoreBest: true })],
      onProgress({ unit, done, metrics }) {
        const error = metrics['validation.loss'];
        if (unit !== 'epoch' || error === undefined) return;
        errors.push(error);
        tell(`${name}, epoch ${done} of ${epochs}: mean squared error ${error.toFixed(4)}`);
      },
    });
    const { error } = await fitted.evaluate(test, { error: mse });
    const { params, state } = fitted;
    const run = (x: Tensor): Tensor =>
      layer.apply({ params, state } as never, x, { training: false, key: runtime.key(0) })[0];
    const norms = await normsOf(run, validation, runtime);
    fitted.dispose();
    competitors.push({ name, errors, testError: error, norms });
  }
  return { baseline: alwaysOne(test), competitors };
}

/** Of the squared error of 100 sequences. */
function normsOf(run: (x: Tensor) => Tensor, { x, y }: AddingData, runtime: Runtime): Promise<GradientNorms> {
  const rows = 100;
  const input = runtime.tensor(x.data.slice(0, (rows * x.data.length) / y.length), [rows, x.shape[1], 2]);
  const targets = runtime.tensor(Float32Array.from(y.slice(0, rows)));
  return gradientNormsByStep((given) => mean(square(sub(reshape(run(given), [rows]), targets))), input).finally(() => {
    input.dispose();
    targets.dispose();
  });
}
