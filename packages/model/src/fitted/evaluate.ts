/** Evaluating: metrics are streamed, so data of any size need the memory of one piece. */
import { type Data, DendriteError, type Label, type Metric } from '@dendrite/spec';
import { takeExamples } from '../conversion/examples.ts';
import { sourceWeights } from '../conversion/source-table.ts';
import { kindsOf } from '../prepare/fit-preprocessing.ts';
import { encodeTargets } from '../prepare/targets.ts';
import { checkedOutput } from './core-output.ts';
import { encodeInputs } from './encode-inputs.ts';
import type { Trained } from './trained.ts';

const where = 'evaluate()';

/** Each metric's value under the name it was asked by. */
export async function evaluateAll(
  trained: Trained,
  data: Data,
  metrics: Readonly<Record<string, Metric>>,
): Promise<Readonly<Record<string, number>>> {
  const { core, definition, labels, preprocessing } = trained;
  const { task } = definition.capabilities;
  const states = Object.entries(metrics).map(([name, metric]) => ({
    name,
    metric: checkedMetric(name, metric, task),
    state: metric.init(),
  }));
  const examples = await encodeTargets(
    await takeExamples(data, where, kindsOf(preprocessing)),
    task,
    task === 'classification' ? labels : undefined,
    where,
  );
  if (examples.rows === 0) throw new DendriteError('DATA', `${where}: the data must have at least one row, got 0.`);
  const { features, targets } = examples;
  const allWeights =
    examples.sampleWeight ??
    (features.form === 'source' && definition.capabilities.data === 'columns'
      ? await sourceWeights(features.source)
      : undefined);
  const answer = (value: number): Label => (task === 'classification' ? (labels[value] ?? '') : value);
  const { pieces } = await encodeInputs(features, trained, where);
  let begin = 0;
  for await (const { rows, input, batch } of pieces()) {
    const { values, probabilities } = checkedOutput(
      await core.predict(await input()),
      rows,
      labels.length,
      definition,
      begin,
    );
    const weights = allWeights
      ? Float64Array.from({ length: rows }, (_, i) => allWeights[begin + i] as number)
      : batch?.sampleWeight;
    const part = {
      expected: Array.from({ length: rows }, (_, i) => answer(targets[begin + i] as number)),
      predicted: Array.from(values, answer),
      ...(probabilities && { probabilities: { data: probabilities, shape: [rows, labels.length] as const } }),
      ...(task === 'classification' && { labels }),
      ...(weights && { sampleWeight: weights }),
    };
    for (const entry of states) entry.state = entry.metric.update(entry.state, part);
    begin += rows;
  }
  return Object.fromEntries(states.map(({ name, metric, state }) => [name, metric.value(state)]));
}

function checkedMetric(name: string, metric: Metric, task: 'classification' | 'regression'): Metric {
  if (typeof metric !== 'object' || metric === null || metric['~dendrite'] !== 'metric') {
    throw new DendriteError(
      'OPTION',
      `${where}: ${name} must be a metric, got ${typeof metric === 'string' ? `'${String(metric)}'` : typeof metric}. Import one from @dendrite/metrics.`,
    );
  }
  if (metric.task !== 'any' && metric.task !== task) {
    throw new DendriteError(
      'OPTION',
      `${where}: ${name} must be a metric for ${task}, got '${metric.name}', which is for ${metric.task}.`,
    );
  }
  return metric;
}
