/** What a language model of characters has to beat: counts of n characters in a row, the longer ones interpolated with the shorter. */

/**
 * `p(c | context) = (count(context, c) + k · p(c | shorter context)) / (count(context) + k)`, down to equal shares.
 * @source Witten and Bell (1991) for the idea of counting on shorter contexts by how much is unknown
 */
export class NGrams {
  readonly #counts: readonly Map<string, Map<string, number>>[];
  readonly #totals: readonly Map<string, number>[];
  readonly #characters: number;
  readonly #weight: number;

  constructor(text: string, { order, weight = 5 }: { readonly order: number; readonly weight?: number }) {
    this.#counts = Array.from({ length: order }, () => new Map());
    this.#totals = Array.from({ length: order }, () => new Map());
    this.#characters = new Set(text).size + 1;
    this.#weight = weight;
    for (let i = 0; i < text.length; i++)
      for (let n = 0; n < order && n <= i; n++) {
        const context = text.slice(i - n, i);
        const counts = this.#counts[n]?.get(context) ?? new Map<string, number>();
        this.#counts[n]?.set(context, counts);
        counts.set(text[i] ?? '', (counts.get(text[i] ?? '') ?? 0) + 1);
        this.#totals[n]?.set(context, (this.#totals[n]?.get(context) ?? 0) + 1);
      }
  }

  probability(context: string, next: string): number {
    let p = 1 / this.#characters;
    for (let n = 0; n < this.#counts.length && n <= context.length; n++) {
      const before = context.slice(context.length - n);
      const total = this.#totals[n]?.get(before) ?? 0;
      const count = this.#counts[n]?.get(before)?.get(next) ?? 0;
      p = (count + this.#weight * p) / (total + this.#weight);
    }
    return p;
  }

  /** Mean of −log₂ p of each character but the first. */
  bitsPerCharacter(text: string): number {
    let bits = 0;
    for (let i = 1; i < text.length; i++)
      bits -= Math.log2(this.probability(text.slice(Math.max(0, i - this.#counts.length + 1), i), text[i] ?? ''));
    return bits / (text.length - 1);
  }
}
