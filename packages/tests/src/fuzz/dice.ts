/** Random choices of one case: the same seed and number give the same case on every machine. */

export interface Dice {
  /** A whole number from 0 to `most − 1`. */
  below(most: number): number;
  pick<T>(list: readonly T[]): T;
  /** True once in so many. */
  once(inSoMany: number): boolean;
}

/** Steele and Vigna's SplitMix32: small, and the quality does not matter here. */
export function dice(seed: number, number: number): Dice {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) | 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  const below = (most: number): number => Math.floor((next() / 2 ** 32) * most);
  return {
    below,
    pick<T>(list: readonly T[]): T {
      return list[below(list.length)] as T;
    },
    once: (inSoMany) => below(inSoMany) === 0,
  };
}
