/** Broken metrics: killed by the metric kit with values worked out by hand. */
import { metricConformance } from '@dendrite/conformance';
import {
  averagePrecision,
  bitsPerCharacter,
  bleu,
  brierScore,
  calibrationError,
  characterErrorRate,
  medianAbsoluteError,
  perplexity,
  rocAuc,
  wordErrorRate,
} from '@dendrite/metrics';
import type { Metric, MetricPart } from '@dendrite/spec';
import type { Mutant } from './mutant.ts';

function metricMutant<A>(
  metric: Metric<A>,
  fault: string,
  change: Partial<Metric<A>>,
  golden: { readonly part: MetricPart; readonly value: number },
): Mutant {
  return {
    kind: 'metric',
    name: `${metric.name}: ${fault}`,
    subject: metric.name,
    cases: async (broken) =>
      metricConformance(() => (broken ? { ...metric, ...change } : metric), { golden: [golden], tolerance: 1e-7 }),
  };
}

/** A quarter for what came, and three for what did not; and one row the other way round. */
const sure: MetricPart = {
  labels: ['no', 'yes'],
  expected: ['yes', 'no'],
  predicted: ['no', 'no'],
  probabilities: { shape: [2, 2], data: Float32Array.of(0.75, 0.25, 0.75, 0.25) },
};
const ranked: MetricPart = {
  labels: ['no', 'yes'],
  expected: ['no', 'no', 'yes', 'yes'],
  predicted: ['no', 'no', 'no', 'yes'],
  probabilities: { shape: [4, 2], data: Float32Array.of(0.875, 0.125, 0.5, 0.5, 0.625, 0.375, 0.125, 0.875) },
};
const texts: MetricPart = { expected: ['the cat sat'], predicted: ['the bat'] };
const nats = -(Math.log(0.25) + Math.log(0.75)) / 2;
const unweighted = ({ sampleWeight: _lost, ...part }: MetricPart): MetricPart => part;
const auc = rocAuc({ positive: 'yes' });
const precision = averagePrecision({ positive: 'yes' });

export const metricMutants: readonly Mutant[] = [
  metricMutant(
    rocAuc({ against: 'rest' }),
    'a merge forgets one part',
    { merge: (a) => a },
    { part: ranked, value: 0.75 },
  ),
  metricMutant(
    rocAuc({ against: 'pairs' }),
    'weights are ignored',
    { update: (state, part) => auc.update(state, unweighted(part)) },
    { part: ranked, value: 0.75 },
  ),
  metricMutant(
    averagePrecision({ positive: 'bee' }),
    'only the last part counts',
    { update: (_state, part) => precision.update(precision.init(), part) },
    // Its label is one of the kit's own examples.
    { part: { ...ranked, labels: ['no', 'bee'], expected: ['no', 'no', 'bee', 'bee'] }, value: 5 / 6 },
  ),
  metricMutant(
    brierScore,
    'differences are not squared',
    { value: ({ total, weight }) => Math.sqrt(total / weight) },
    {
      part: sure,
      value: (0.75 ** 2 + 0.25 ** 2) / 2,
    },
  ),
  metricMutant(
    calibrationError(),
    'bins are added up with their signs turned',
    {
      value: (bins) => 1 - calibrationError().value(bins),
    },
    { part: sure, value: 0.25 },
  ),
  metricMutant(
    perplexity,
    'a power of 2 of nats',
    { value: (state) => 2 ** Math.log(perplexity.value(state)) },
    {
      part: sure,
      value: Math.exp(nats),
    },
  ),
  metricMutant(
    bitsPerCharacter,
    'nats are told as bits',
    { value: (state) => bitsPerCharacter.value(state) * Math.LN2 },
    {
      part: sure,
      value: nats / Math.LN2,
    },
  ),
  metricMutant(
    medianAbsoluteError,
    'weights are ignored',
    { update: (state, part) => medianAbsoluteError.update(state, unweighted(part)) },
    { part: { expected: [1, 2, 3, 10], predicted: [1.5, 2.25, 5, 3] }, value: 1.25 },
  ),
  metricMutant(
    wordErrorRate,
    'errors are shared among the words predicted',
    {
      update: (state, { expected, predicted, ...part }) =>
        wordErrorRate.update(state, { ...part, expected: predicted, predicted: expected }),
    },
    { part: texts, value: 2 / 3 },
  ),
  metricMutant(characterErrorRate, 'a merge forgets one part', { merge: (a) => a }, { part: texts, value: 5 / 11 }),
  metricMutant(
    bleu({ order: 1 }),
    'short predictions are not punished',
    { value: (state) => bleu({ order: 1 }).value({ ...state, wanted: Math.min(state.wanted, state.length) }) },
    { part: texts, value: Math.exp(1 - 3 / 2) / 2 },
  ),
];
