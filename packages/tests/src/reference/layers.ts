/**
 * layers.json: outputs, gradients of Σ outputs · cotangents, and running statistics. The files hold images as [N, C, H, W] and
 * filters as [O, I, h, w]; ours are [B, H, W, C] and [h, w, I, O], so tensors are turned on the way in and back on the way out.
 */
import { mul, sum, valueAndGrad } from '@dendrite/core';
import type { HostTensor, Tensor } from '@dendrite/spec';
import { layerPlan } from './layer-plans.ts';
import type { Machine } from './machine.ts';
import { type Fields, firstAt, isFields, permuted, type ReferenceCase, tensorOf, tensorsAt } from './reference-case.ts';
import { Results } from './results.ts';

export async function runLayer(machine: Machine, { name, fields }: ReferenceCase): Promise<Results> {
  const plan = layerPlan(name, fields);
  const results = new Results();
  const saved = isFields(fields.state) ? fields.state : {};
  const bring = (from: Readonly<Record<string, Place>>): Record<string, Tensor> => {
    const made: Record<string, Tensor> = {};
    for (const [ours, { theirs, axes }] of Object.entries(from)) {
      const value = tensorOf(saved[theirs], `state.${theirs}`);
      made[ours] = machine.tensor(axes ? permuted(value, axes) : value);
    }
    return made;
  };
  const params = bring(plan.params);
  const state = bring(plan.state);
  // Torch takes one example without a batch axis; our layers always have one.
  const lone = firstAt(fields, 'inputs').shape.length === 1;
  const batched = (host: HostTensor): HostTensor => (lone ? { ...host, shape: [1, ...host.shape] } : host);
  const unbatched = (host: HostTensor): HostTensor => (lone ? { ...host, shape: host.shape.slice(1) } : host);
  const given = batched(turned(firstAt(fields, 'inputs'), plan.imageIn));
  const x = machine.tensor(given, plan.codes ? 'int32' : machine.float);
  const cotangent = machine.tensor(batched(turned(firstAt(fields, 'cotangents'), plan.imageOut)));
  const key = machine.runtime.key(0);
  const { aux, gradients } = valueAndGrad((point: { readonly x?: Tensor; readonly params: Record<string, Tensor> }) => {
    const [y, next] = plan.layer.apply({ params: point.params, state }, point.x ?? x, { training: plan.training, key });
    return { loss: sum(mul(y, cotangent)), aux: { y, next } };
  })(plan.codes ? { params } : { x, params });

  results.add('outputs.0', back(unbatched(await machine.host(aux.y)), plan.imageOut), firstAt(fields, 'outputs'));
  const [inputGradient] = tensorsAt(fields, 'inputGrads');
  if (gradients.x)
    results.add('inputGrads.0', back(unbatched(await machine.host(gradients.x)), plan.imageIn), inputGradient);
  else if (inputGradient) results.add('inputGrads.0', undefined, inputGradient);
  const wanted = isFields(fields.paramGrads) ? fields.paramGrads : {};
  for (const [ours, { theirs, axes }] of Object.entries(plan.params)) {
    const gradient = gradients.params[ours];
    const host = gradient && (await machine.host(gradient));
    const expected = wanted[theirs];
    results.add(
      `paramGrads.${theirs}`,
      host && (axes ? permuted(host, inverse(axes)) : host),
      expected ? tensorOf(expected, theirs) : undefined,
    );
  }
  // A gradient of something that is no parameter of ours was not computed.
  const known = new Set(Object.values(plan.params).map(({ theirs }) => theirs));
  for (const [theirs, value] of Object.entries(wanted))
    if (!known.has(theirs)) results.add(`paramGrads.${theirs}`, undefined, tensorOf(value, theirs));
  await addBuffers(machine, fields, plan, saved, aux.next, results);
  return results;
}

/** Where a parameter of ours is found, and in which order of axes ours has it. */
export interface Place {
  readonly theirs: string;
  readonly axes?: readonly number[];
}

async function addBuffers(
  machine: Machine,
  fields: Fields,
  plan: ReturnType<typeof layerPlan>,
  saved: Fields,
  next: unknown,
  results: Results,
): Promise<void> {
  for (const [theirs, wanted] of Object.entries(isFields(fields.buffersAfter) ? fields.buffersAfter : {})) {
    const expected = tensorOf(wanted, `buffersAfter.${theirs}`);
    // How often a layer was trained is the caller's to count here; Torch keeps it with the layer.
    if (theirs === 'num_batches_tracked') {
      const before = tensorOf(saved[theirs], theirs).data[0] ?? Number.NaN;
      results.add(`buffersAfter.${theirs}`, { shape: [], data: [before + (plan.training ? 1 : 0)] }, expected);
      continue;
    }
    const [ours] = Object.entries(plan.state).find(([, place]) => place.theirs === theirs) ?? [];
    const tensor = ours === undefined ? undefined : (next as Readonly<Record<string, Tensor>>)[ours];
    results.add(`buffersAfter.${theirs}`, tensor && (await machine.host(tensor)), expected);
  }
}

const inverse = (axes: readonly number[]): readonly number[] => axes.map((_, i) => axes.indexOf(i));
/** [N, C, …] → [N, …, C]. */
const toOurs = (rank: number): readonly number[] => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
const turned = (tensor: HostTensor, image: boolean): HostTensor =>
  image && tensor.shape.length > 2 ? permuted(tensor, toOurs(tensor.shape.length)) : tensor;
const back = (tensor: HostTensor, image: boolean): HostTensor =>
  image && tensor.shape.length > 2 ? permuted(tensor, inverse(toOurs(tensor.shape.length))) : tensor;
