/** The next token of a language model, drawn from its logits on the host. */
import { DendriteError } from '@dendrite/spec';

export interface SampleOptions {
  /** Above 1 bolder, below 1 more careful, 0: always the likeliest. Default 1. */
  readonly temperature?: number;
  /** Only so many of the likeliest may come. Default: all. */
  readonly topK?: number;
}

/**
 * A code with probability `∝ e^(logit / temperature)` among the `topK` largest; the first of equals where only the likeliest counts.
 * @param logits  one a code, or logarithms of probabilities; −∞ never comes
 * @param u       a uniform number in [0, 1): the same number gives the same code
 * @throws OPTION  for a negative temperature or a topK below 1; NUMERIC where a logit is NaN, or none is above −∞
 * @source Ackley, Hinton and Sejnowski (1985) for the temperature; Fan, Lewis and Dauphin (2018) for the topK
 * @example
 * import { sampleToken } from '@dendrite/nn';
 * sampleToken([0.1, 2, 0.3], 0.9, { temperature: 0 }); // 1
 */
export function sampleToken(
  logits: ArrayLike<number>,
  u: number,
  { temperature = 1, topK = Number.POSITIVE_INFINITY }: SampleOptions = {},
): number {
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY))
    throw new DendriteError(
      'OPTION',
      `sampleToken(): temperature must be a finite number of at least 0, got ${temperature}. 0 takes the likeliest.`,
    );
  if (!(topK >= 1)) throw new DendriteError('OPTION', `sampleToken(): topK must be at least 1, got ${topK}.`);
  const values = Array.from(logits);
  const broken = values.findIndex((each) => Number.isNaN(each));
  const best = values.reduce((at, each, i) => (each > (values[at] ?? 0) ? i : at), 0);
  const top = values[best] ?? Number.NEGATIVE_INFINITY;
  if (broken >= 0 || top === Number.NEGATIVE_INFINITY)
    throw new DendriteError(
      'NUMERIC',
      `sampleToken(): logits must be numbers with one above −∞, got ${broken >= 0 ? `NaN for code ${broken}` : 'none'}. The model’s parameters are not finite.`,
    );
  if (temperature === 0 || topK === 1) return best;
  const least = topK < values.length ? (values.toSorted((a, b) => b - a)[Math.floor(topK) - 1] ?? top) : top - 1e9;
  // At most topK codes, the first of equals.
  let room = Math.floor(Math.min(topK, values.length));
  const above = values.filter((each) => each > least).length;
  const weights = values.map((each) => {
    if (each < least || (each === least && room - above <= 0)) return 0;
    if (each === least) room--;
    return top === Number.POSITIVE_INFINITY ? Number(each === top) : Math.exp((each - top) / temperature);
  });
  let left = u * weights.reduce((a, b) => a + b, 0);
  for (const [code, weight] of weights.entries()) {
    left -= weight;
    if (left < 0 && weight > 0) return code;
  }
  return best;
}
