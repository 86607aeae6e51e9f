// jax-js's side of a training race: one `jit` of the whole step, gradients and Adam's update included, from our weights.
import { type Batch, learningRate, type Weights } from '../benches/net-trainer.ts';
import type { Racer } from '../harness/race.ts';
import { type Jax, type JaxArray, type JaxArrays, loadJax } from './jax-js.ts';

interface Net {
  readonly parameters: JaxArrays;
  /** Shape of one input. */
  readonly input: readonly number[];
  logits(parameters: JaxArrays, x: JaxArray): JaxArray;
}
/** A weight of ours by its path. */
type Sent = (path: string) => JaxArray;

/** jax-js, or why it cannot be had. */
export async function jaxTrainer(
  weights: Weights,
  batches: readonly Batch[],
  steps: number,
): Promise<{ readonly racer: Racer } | { readonly missing: string }> {
  const loaded = await loadJax();
  if ('missing' in loaded) return loaded;
  const { jax } = loaded;
  const { numpy } = jax;
  const sent: Sent = (path) => {
    const { data, shape } = weights.get(path) ?? { data: new Float32Array(), shape: [0] };
    return numpy.array(data).reshape(shape);
  };
  const { parameters, input, logits } = weights.has('0.filters') ? lenet(jax, sent) : perceptron(jax, sent, weights);
  const classes = [...weights.values()].at(-1)?.shape.at(-1) ?? 1;

  const loss = (p: JaxArrays, x: JaxArray, y: JaxArray): JaxArray =>
    numpy.mean(numpy.sum(jax.nn.logSoftmax(logits(p, x)).mul(jax.nn.oneHot(y, classes)), -1)).mul(-1);
  const step = jax.jit(({ p, m, v }: State, x: JaxArray, y: JaxArray, { first, second }: Corrections) => {
    const [value, gradients] = jax.valueAndGrad(loss)(p.map(again), x, y);
    const means = m.map((mean, i) => mean.mul(beta1).add(at(gradients, i).ref.mul(1 - beta1)));
    const squares = v.map((square, i) =>
      square.mul(beta2).add(
        at(gradients, i)
          .ref.mul(at(gradients, i))
          .mul(1 - beta2),
      ),
    );
    const moved = p.map((parameter, i) => {
      const length = numpy.sqrt(at(squares, i).ref.mul(second.ref)).add(epsilon);
      return parameter.sub(at(means, i).ref.mul(first.ref).div(length).mul(learningRate));
    });
    first.dispose();
    second.dispose();
    return { value, state: { p: moved, m: means, v: squares } };
  });

  const zeros = (): JaxArrays => parameters.map(({ shape }) => numpy.zeros(shape));
  let state: State = { p: parameters, m: zeros(), v: zeros() };
  let count = 0;
  const racer: Racer = {
    name: 'jax-js',
    steps,
    async train(which) {
      const losses: number[] = [];
      const began = performance.now();
      for (const i of which) {
        const { shape, x, y } = batches[i] as Batch;
        count++;
        const correction = (beta: number): JaxArray => numpy.array(1 / (1 - beta ** count));
        const made = step(state, numpy.array(x).reshape([shape[0] ?? 0, ...input]), numpy.array(y), {
          first: correction(beta1),
          second: correction(beta2),
        });
        state = made.state;
        losses.push((await made.value.data())[0] ?? Number.NaN);
      }
      return { losses, ms: performance.now() - began };
    },
    dispose() {
      for (const array of Object.values(state).flat()) array.dispose();
      step.dispose();
    },
  };
  return { racer };
}

/** Parameters and Adam's two moments of each. */
type State = { readonly p: JaxArrays; readonly m: JaxArrays; readonly v: JaxArrays };
/** 1 / (1 − βᵗ). */
type Corrections = { readonly first: JaxArray; readonly second: JaxArray };
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
const again = (array: JaxArray): JaxArray => array.ref;
const at = (arrays: JaxArrays, i: number): JaxArray => arrays[i] as JaxArray;

/** The paths are those of our `lenet5()`, with relu and maxima. Images have their channels first here. */
function lenet({ numpy, nn, lax }: Jax, sent: Sent): Net {
  const filters = (path: string): JaxArray => sent(path).transpose([3, 2, 0, 1]);
  const first = sent('7.weight').reshape([5, 5, 16, 120]).transpose([2, 0, 1, 3]).reshape([400, 120]);
  const convolutions = [filters('0.filters'), sent('0.bias'), filters('3.filters'), sent('3.bias')];
  const weights = [first, sent('7.bias'), sent('9.weight'), sent('9.bias'), sent('11.weight'), sent('11.bias')];
  const stage = (x: JaxArray, w: JaxArray, b: JaxArray, padding: 'SAME' | 'VALID'): JaxArray => {
    const y = nn.relu(lax.conv(x, w, [1, 1], padding).add(b.reshape([1, -1, 1, 1])));
    const [batch = 0, channels = 0, height = 0, width = 0] = y.shape;
    return numpy.max(y.reshape([batch, channels, height / 2, 2, width / 2, 2]), [3, 5]);
  };
  return {
    parameters: [...convolutions, ...weights],
    input: [1, 28, 28],
    logits(p, x) {
      const pictures = stage(stage(x, at(p, 0), at(p, 1), 'SAME'), at(p, 2), at(p, 3), 'VALID');
      return denses({ numpy, nn }, p.slice(4), pictures.reshape([-1, 400]));
    },
  };
}

function perceptron(jax: Jax, sent: Sent, weights: Weights): Net {
  const layers = [...weights.keys()]
    .filter((path) => path.endsWith('.weight'))
    .map((path) => Number.parseInt(path, 10));
  return {
    parameters: layers.flatMap((layer) => [sent(`${layer}.weight`), sent(`${layer}.bias`)]),
    input: weights.get(`${layers[0]}.weight`)?.shape.slice(0, 1) ?? [],
    logits: (parameters, x) => denses(jax, parameters, x),
  };
}

/** Dense layers with relu between them: weight, bias, weight, bias, … */
function denses({ numpy, nn }: Pick<Jax, 'numpy' | 'nn'>, parameters: JaxArrays, x: JaxArray): JaxArray {
  let h = x;
  for (let i = 0; i < parameters.length; i += 2) {
    h = numpy.matmul(h, at(parameters, i)).add(at(parameters, i + 1));
    if (i + 2 < parameters.length) h = nn.relu(h);
  }
  return h;
}
