/** What a language model's loss means: how many continuations it hesitates between, or how many bits a character costs. */
import type { Label, Metric, MetricPart } from '@dendrite/spec';
import { type MeanState, meanMetric } from '../mean/weighted-mean.ts';
import { checkProbabilities, columnOf } from '../part/check-part.ts';

/** The smallest normal float32: a probability that was rounded to 0 costs 87 nats, not ∞. */
const LEAST = 2 ** -126;

const surprise =
  (name: string) =>
  (part: MetricPart): ((i: number) => number) => {
    const { probabilities, columns } = checkProbabilities(name, part);
    return (i) => {
      const column = columnOf(name, columns, part.expected[i] as Label);
      return -Math.log(Math.max(probabilities.data[i * columns.size + column] as number, LEAST));
    };
  };

/**
 * Perplexity: `exp(−Σ wᵢ·ln pᵢ / Σ wᵢ)`, `pᵢ` the probability of the token that came. 1 is certain and right; the size of the
 * vocabulary is guessing. NaN stays NaN.
 * @throws DATA  if the model gives no probabilities, or a label is unknown to it
 */
export const perplexity: Metric<MeanState> = /* @__PURE__ */ meanMetric({
  name: 'perplexity',
  task: 'classification',
  scores: /* @__PURE__ */ surprise('perplexity'),
  of: Math.exp,
});

/**
 * Bits per character: `−Σ wᵢ·log₂ pᵢ / Σ wᵢ`, where each row is a character: what a text costs that is packed with the model.
 * @throws DATA  if the model gives no probabilities, or a label is unknown to it
 */
export const bitsPerCharacter: Metric<MeanState> = /* @__PURE__ */ meanMetric({
  name: 'bitsPerCharacter',
  task: 'classification',
  scores: /* @__PURE__ */ surprise('bitsPerCharacter'),
  of: (nats) => nats / Math.LN2,
});
