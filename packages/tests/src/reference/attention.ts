/**
 * attention.json: multi-head attention, its scaled dot-product alone, and transformer layers. Torch keeps queries', keys' and
 * values' weights stacked by rows, `[3·C, C]`; ours are three matrices `[C, C]` for `x · weight`.
 */
import {
  multiHeadAttention,
  scaledDotProduct,
  transformerDecoderLayer,
  transformerEncoderLayer,
} from '@dendrite/attention';
import { add, gelu, mean, mul, notEqual, relu, sum, valueAndGrad } from '@dendrite/core';
import type { HostTensor, Tensor, Tree } from '@dendrite/spec';
import type { Machine } from './machine.ts';
import {
  configOf,
  type Fields,
  isFields,
  NotBuilt,
  numberAt,
  permuted,
  type ReferenceCase,
  rowsAt,
  tensorOf,
  tensorsAt,
} from './reference-case.ts';
import { Results } from './results.ts';

/** Where a parameter of ours stands in the file: a tensor, or its rows from `part · rows` on; matrices are turned. */
interface Place {
  readonly theirs: string;
  readonly part?: number;
  readonly parts?: number;
}
type Places = { readonly [name: string]: Place | Places | readonly Places[] };

const linear = (name: string): Places => ({ weight: { theirs: `${name}.weight` }, bias: { theirs: `${name}.bias` } });
const norm = (name: string): Places => ({ scale: { theirs: `${name}.weight` }, offset: { theirs: `${name}.bias` } });
function attentionPlaces(prefix: string): Places {
  const third = (part: number): Places => ({
    weight: { theirs: `${prefix}in_proj_weight`, part, parts: 3 },
    bias: { theirs: `${prefix}in_proj_bias`, part, parts: 3 },
  });
  return { query: third(0), key: third(1), value: third(2), output: linear(`${prefix}out_proj`) };
}
const forward: readonly Places[] = [linear('linear1'), linear('linear2')];

interface Plan {
  readonly places: Places;
  /** The outputs, in the file's order. */
  run(params: Tree, inputs: readonly Tensor[]): readonly Tensor[];
}

export async function runAttention(machine: Machine, { name, fields }: ReferenceCase): Promise<Results> {
  const plan = planOf(machine, name, fields);
  const saved = isFields(fields.state) ? fields.state : {};
  const params = bring(machine, saved, plan.places);
  const inputs = given(fields, 'inputs').map((each) => machine.tensor(each));
  const cotangents = given(fields, 'cotangents').map((each) => machine.tensor(each));
  const { aux, gradients } = valueAndGrad((at: { readonly params: Tree; readonly inputs: readonly Tensor[] }) => {
    const outputs = plan.run(at.params, at.inputs);
    const parts = outputs.map((output, i) => sum(mul(output, cotangents[i] ?? 0)));
    return { loss: parts.reduce((a, b) => add(a, b)), aux: outputs };
  })({ params, inputs });

  const results = new Results();
  for (const [what, tensors] of [
    ['outputs', aux],
    ['inputGrads', gradients.inputs],
  ] as const)
    for (const [i, wanted] of given(fields, what).entries()) {
      const tensor = tensors[i];
      results.add(`${what}.${i}`, tensor && (await machine.host(tensor)), wanted);
    }
  const found = await gathered(machine, plan.places, gradients.params);
  const wanted = isFields(fields.paramGrads) ? fields.paramGrads : {};
  for (const theirs of new Set([...Object.keys(wanted), ...found.keys()]))
    results.add(
      `paramGrads.${theirs}`,
      found.get(theirs),
      wanted[theirs] === undefined ? undefined : tensorOf(wanted[theirs], theirs),
    );
  return results;
}

function planOf(machine: Machine, name: string, fields: Fields): Plan {
  const apply = <X extends Tree>(
    layer: { apply(variables: never, x: X, context: never): readonly [unknown, unknown] },
    params: Tree,
    x: X,
  ): unknown => {
    const context = { training: false, key: machine.runtime.key(0) };
    return layer.apply({ params, state: {} } as never, x, context as never)[0];
  };
  const config = configOf(fields, ['heads', 'causal', 'keyPadding', 'feedForward', 'normFirst', 'activation']);
  const causal = config.causal === true;
  if (name.startsWith('sdpa'))
    return {
      places: {},
      run: (_, [query, key, value]) => (query && key && value ? [scaledDotProduct(query, key, value, { causal })] : []),
    };
  const heads = numberAt(config, 'heads');
  if (name.startsWith('mha')) {
    // True there marks padding; here it keeps.
    const padding = config.keyPadding === undefined ? undefined : rowsAt(config, 'keyPadding');
    const keyMask =
      padding && notEqual(machine.runtime.tensor(padding.map((row) => row.map((hidden) => 1 - hidden))), 0);
    const layer = multiHeadAttention({ heads, causal, weights: true });
    return {
      places: attentionPlaces(''),
      run(params, [query, key]) {
        if (!query) return [];
        const parts = { query, ...(key && { key }), ...(keyMask && { keyMask }) };
        const { y, weights } = apply(layer, params, parts) as { readonly y: Tensor; readonly weights: Tensor };
        return [y, mean(weights, { axes: 1 })];
      },
    };
  }
  const options = {
    heads,
    feedForward: numberAt(config, 'feedForward'),
    activation: config.activation === 'gelu' ? gelu : relu,
    norm: config.normFirst === true ? ('pre' as const) : ('post' as const),
  };
  const own = { attention: attentionPlaces('self_attn.'), attentionNorm: norm('norm1'), forward };
  if (name.startsWith('transformer-encoder-layer')) {
    const layer = transformerEncoderLayer({ ...options, causal });
    return {
      places: { ...own, forwardNorm: norm('norm2') },
      run: (params, [x]) => (x ? [apply(layer, params, x) as Tensor] : []),
    };
  }
  if (name.startsWith('transformer-decoder-layer')) {
    const layer = transformerDecoderLayer({ ...options, causal });
    return {
      places: {
        ...own,
        cross: attentionPlaces('multihead_attn.'),
        crossNorm: norm('norm2'),
        forwardNorm: norm('norm3'),
      },
      run: (params, [x, memory]) => (x && memory ? [apply(layer, params, { x, memory }) as Tensor] : []),
    };
  }
  throw new NotBuilt(name);
}

const given = (fields: Fields, name: string): readonly HostTensor[] =>
  tensorsAt(fields, name).filter((tensor) => tensor !== null);
const isPlace = (value: Place | Places | readonly Places[]): value is Place =>
  'theirs' in value && typeof value.theirs === 'string';
const turned = (tensor: HostTensor): HostTensor => (tensor.shape.length === 2 ? permuted(tensor, [1, 0]) : tensor);

/** Our parameters from theirs. */
function bring(machine: Machine, saved: Fields, places: Places | readonly Places[]): Tree {
  const one = (value: Place | Places | readonly Places[]): Tree => {
    if (!isPlace(value)) return bring(machine, saved, value);
    const whole = tensorOf(saved[value.theirs], `state.${value.theirs}`);
    return machine.tensor(turned(rowsOf(whole, value)));
  };
  return Array.isArray(places)
    ? places.map(one)
    : Object.fromEntries(Object.entries(places as Places).map(([name, value]) => [name, one(value)]));
}

function rowsOf({ shape: [rows = 0, ...rest], data }: HostTensor, { part = 0, parts = 1 }: Place): HostTensor {
  const size = data.length / parts;
  return { shape: [rows / parts, ...rest], data: Array.from(data).slice(part * size, (part + 1) * size) };
}

/** Gradients of our parameters as gradients of theirs: parts joined, matrices turned back. */
async function gathered(
  machine: Machine,
  places: Places | readonly Places[],
  gradients: Tree,
  found: Map<string, HostTensor> = new Map(),
): Promise<ReadonlyMap<string, HostTensor>> {
  for (const [name, value] of Object.entries(places) as [string, Place | Places | readonly Places[]][]) {
    const gradient = (gradients as Readonly<Record<string, Tree>>)[name];
    if (gradient === undefined) continue;
    if (!isPlace(value)) await gathered(machine, value, gradient, found);
    else {
      const { shape, data } = turned(await machine.host(gradient as Tensor));
      const before = found.get(value.theirs);
      const [rows = 0, ...rest] = shape;
      found.set(value.theirs, {
        shape: [rows + (before?.shape[0] ?? 0), ...rest],
        data: [...(before ? Array.from(before.data) : []), ...Array.from(data)],
      });
    }
  }
  return found;
}
