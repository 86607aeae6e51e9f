/** The layer kit: parameters fixed by the key, apply pure, training and prediction, gradients against differences. */
import type { CaseInput, Key, Layer, Runtime, Shape, Tensor, Tree } from '@dendrite/spec';
import { checkClose, checkSameBits, sameShape } from '../compare/compare.ts';
import { makeInput } from '../inputs/make-input.ts';
import { copyTree, disposeTree, leavesOf, mapped, readTree } from '../inputs/trees.ts';
import { check, type ExpectedFailures, type KitCase, withExpectedFailures } from '../kit/kit-case.ts';
import { leavesNothing } from '../kit/live.ts';
import type { CheckGradients } from '../op/op-kit.ts';
import { weighed } from '../op/weigh.ts';

export interface LayerKit {
  readonly runtime: Runtime;
  /** One batch; float32 normal numbers by default. */
  readonly input: CaseInput;
  /** Shape that `init` must promise and `apply` give. */
  readonly output?: Shape;
  /** How many parameters it must have. */
  readonly parameters?: number;
  readonly checkGradients?: CheckGradients;
  /** Training draws random numbers (dropout). */
  readonly random?: boolean;
  /** Prediction of an example depends on it alone; false for layers that look across the batch. Default true. */
  readonly rowByRow?: boolean;
  /** It takes tensors of every shape, so none is refused (an embedding of codes). */
  readonly anyShape?: boolean;
  readonly expectedFailures?: ExpectedFailures;
}

interface Made {
  readonly params: Tree;
  readonly state: Tree;
  readonly output: unknown;
}

/**
 * Cases for any `Layer` of one tensor: parameters are a function of the key, `apply` is pure and leaves nothing, the promised
 * shape comes out, prediction knows no key and no neighbours, training repeats itself for the same key; with `checkGradients`,
 * gradients of parameters and input in float64.
 * @param make  a fresh layer each time
 */
export function layerConformance(make: () => Layer<Tree, Tree>, kit: LayerKit): readonly KitCase[] {
  const { runtime, input } = kit;
  const init = (seed: number): Made => runtime.scope<Made>(() => make().init(runtime.key(seed), input.shape));
  const made = makeInput(input, 'layer input');
  const feed = (): Tensor => runtime.tensor(made.data, made.shape, made.dtype);
  const call = (
    { params, state }: { readonly params: Tree; readonly state: Tree },
    x: Tensor,
    training: boolean,
    key: Key = runtime.key(7),
  ): readonly [Tensor, Tree] =>
    runtime.scope<readonly [Tensor, Tree]>(() => make().apply({ params, state }, x, { training, key }));
  /** Init, apply, read, free. */
  const once = async (training: boolean, seed = 1, keySeed = 7) => {
    const variables = init(seed);
    const x = feed();
    const [y, next] = call(variables, x, training, runtime.key(keySeed));
    const result = { y: await readTree(y), next: await readTree(next), params: await readTree(variables.params) };
    for (const tree of [y, x, next, variables.params, variables.state]) disposeTree(tree);
    return result;
  };
  const sameValues = (
    what: string,
    a: Awaited<ReturnType<typeof readTree>>,
    b: Awaited<ReturnType<typeof readTree>>,
  ): void => {
    check(
      [...a.keys()].join() === [...b.keys()].join(),
      `${what}: must have the leaves ${[...b.keys()].join()}, got ${[...a.keys()].join()}`,
    );
    for (const [path, value] of a) {
      const wanted = b.get(path);
      if (wanted) checkSameBits(`${what} '${path}'`, value, wanted);
    }
  };

  const cases: KitCase[] = [
    {
      name: 'layer: is a frozen description that JSON can hold',
      async run() {
        const layer = make();
        check(Object.isFrozen(layer), 'must be frozen');
        check(/^[\w-]+\/[\w-]+$/.test(layer.name), `must be named 'package/name', got '${layer.name}'`);
        check(
          JSON.stringify(JSON.parse(JSON.stringify(layer.config))) === JSON.stringify(layer.config),
          'its config must survive JSON',
        );
      },
    },
    {
      name: 'layer: one key gives one set of parameters, another key another',
      async run() {
        const [a, b, c] = [await once(false, 1), await once(false, 1), await once(false, 2)];
        sameValues('parameters of the same key', b.params, a.params);
        const random = [...a.params].some(([, { data }]) => new Set(data).size > 1);
        check(
          !random ||
            [...a.params].some(([path, { data }]) => data.some((value, i) => value !== c.params.get(path)?.data[i])),
          'another key must give other parameters',
        );
      },
    },
    {
      name: 'layer: gives the shape it promised, and no NaN',
      async run() {
        const variables = init(1);
        const x = feed();
        const [y, next] = call(variables, x, false);
        const promised = variables.output as Shape;
        check(
          sameShape(y.shape, promised),
          `output must be the promised [${promised.join(', ')}], got [${y.shape.join(', ')}]`,
        );
        if (kit.output)
          check(
            sameShape(y.shape, kit.output),
            `output must be [${kit.output.join(', ')}], got [${y.shape.join(', ')}]`,
          );
        const { data } = (await readTree(y)).get('') ?? { data: [] };
        check(!Array.from(data).some(Number.isNaN), 'output must have no NaN');
        const count = leavesOf(variables.params).reduce((sum, { tensor }) => sum + tensor.size, 0);
        if (kit.parameters !== undefined)
          check(count === kit.parameters, `must have ${kit.parameters} parameters, got ${count}`);
        for (const tree of [y, x, next, variables.params, variables.state]) disposeTree(tree);
      },
    },
    {
      name: 'layer: apply is pure: parameters, state and input stay as they are, and nothing is left',
      run: () =>
        leavesNothing(runtime, 'init and apply', async () => {
          const variables = init(1);
          const before = await readTree({ params: variables.params, state: variables.state } as Tree);
          const x = feed();
          for (const training of [false, true]) {
            const [y, next] = call(variables, x, training);
            sameValues(
              'variables after apply',
              await readTree({ params: variables.params, state: variables.state } as Tree),
              before,
            );
            check(
              leavesOf(next)
                .map(({ path }) => path)
                .join() ===
                leavesOf(variables.state)
                  .map(({ path }) => path)
                  .join(),
              'the next state must have the form of the state',
            );
            const old = new Set(leavesOf(variables.state).map(({ tensor }) => tensor));
            for (const { tensor } of leavesOf(next)) if (!old.has(tensor)) tensor.dispose();
            // A layer may hand its input on (dropout in prediction).
            if (y !== x) y.dispose();
          }
          const value = (await readTree(x)).get('');
          if (value) checkSameBits('input after apply', value, made);
          for (const tree of [x, variables.params, variables.state]) disposeTree(tree);
        }),
    },
    {
      name: 'layer: prediction is the same whatever the key',
      async run() {
        const [a, b] = [await once(false, 1, 7), await once(false, 1, 8)];
        sameValues('output', b.y, a.y);
      },
    },
    {
      name: 'layer: training is the same for the same key, and changes with it only where it is random',
      async run() {
        const [a, b, c] = [await once(true, 1, 7), await once(true, 1, 7), await once(true, 1, 8)];
        sameValues('output', b.y, a.y);
        sameValues('state', b.next, a.next);
        const differs = [...a.y].some(([path, { data }]) => data.some((value, i) => value !== c.y.get(path)?.data[i]));
        check(differs === (kit.random === true), `another key must ${kit.random ? '' : 'not '}change the output`);
      },
    },
    {
      name: 'layer: a wrong input is refused with its shape',
      async run() {
        const variables = init(1);
        if (leavesOf(variables.params).length > 0 && kit.anyShape !== true) {
          const x = runtime.tensor(new Float32Array(3), [1, 3, 1, 1, 1, 1, 1]);
          let text = '';
          try {
            disposeTree(call(variables, x, false));
          } catch (error) {
            text = error instanceof Error ? error.message : '';
          }
          check(text.includes('3'), `an input [1, 3, 1, 1, 1, 1, 1] must be refused with its shape, got '${text}'`);
          x.dispose();
        }
        disposeTree(variables.params);
        disposeTree(variables.state);
      },
    },
  ];
  if (kit.rowByRow !== false && (input.shape[0] ?? 0) > 1)
    cases.push({
      name: 'layer: prediction of an example does not depend on the others of its batch',
      async run() {
        const variables = init(1);
        const x = feed();
        const rest = input.shape.slice(1);
        const size = rest.reduce((product, length) => product * length, 1);
        const one = runtime.tensor(made.data.slice(0, size), [1, ...rest], made.dtype);
        const [many, nextMany] = call(variables, x, false);
        const [single, nextSingle] = call(variables, one, false);
        const whole = (await readTree(many)).get('');
        const alone = (await readTree(single)).get('');
        if (whole && alone)
          checkClose(
            'the first example alone',
            alone,
            { shape: alone.shape, data: whole.data.slice(0, alone.data.length) },
            1e-6,
          );
        for (const tree of [many, single, x, one, nextMany, nextSingle, variables.params, variables.state])
          disposeTree(tree);
      },
    });
  const { checkGradients } = kit;
  const floats = made.dtype === 'float32';
  if (checkGradients && runtime.device.dtypes.has('float64'))
    for (const training of kit.random ? [false] : [false, true])
      cases.push({
        name: `layer: gradients of parameters${floats ? ' and input' : ''} (${training ? 'training' : 'prediction'})`,
        run: () => gradients(training),
      });

  async function gradients(training: boolean): Promise<void> {
    const variables = init(1);
    const params = await copyTree(variables.params, runtime, 'float64');
    const state = await copyTree(variables.state, runtime, 'float64');
    const x = floats
      ? runtime.tensor(Float64Array.from(made.data), made.shape, 'float64')
      : runtime.tensor(made.data, made.shape, made.dtype);
    // Away from 0 and 1, where a lost factor does not show.
    const named = leavesOf(params).map(({ tensor }) => tensor);
    const shifted: Tensor[] = [];
    for (const [i, tensor] of named.entries()) {
      const noise = makeInput({ shape: tensor.shape, dtype: 'float64' }, `noise/${i}`).data;
      const data = await tensor.data('float64');
      shifted.push(
        runtime.tensor(
          Float64Array.from(data, (value, at) => value + 0.1 * (noise[at] ?? 0)),
          tensor.shape,
          'float64',
        ),
      );
    }
    const report = await (checkGradients as CheckGradients)(
      (given) => {
        const input_ = floats ? given[0] : x;
        const rest = floats ? given.slice(1) : given;
        let at = 0;
        const tree = mapped(params, (tensor) => rest[at++] ?? tensor);
        const [y] = make().apply({ params: tree, state }, input_ ?? x, { training, key: runtime.key(7) });
        const loss = weighed(runtime, [y], 'layer');
        check(loss !== null, 'a layer must give floats');
        return loss;
      },
      floats ? [x, ...shifted] : shifted,
      { epsilon: 1e-5, tolerance: 5e-6 },
    );
    for (const tree of [variables.params, variables.state, params, state, x, shifted]) disposeTree(tree);
    check(
      report.passed,
      `gradients differ (${floats ? '0 is the input, then the parameters in order' : 'parameters in order'}): ${report.failures.join('; ')}`,
    );
  }
  return withExpectedFailures(`layer kit of ${make().name}`, cases, kit.expectedFailures);
}
