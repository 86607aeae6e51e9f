/**
 * The features that a node looks at: drawn anew at every node, without replacement. Features known to be constant in a
 * node's rows stay so below it; they are kept at the front of the permutation and cost a draw but no look.
 */
import type { Stream } from '../stream/stream.ts';

export interface FeatureDraw {
  /** In the order of training again: every tree starts from it. */
  reset(): void;
  /**
   * Calls `look` for drawn features, which gives whether the feature is constant here, or `'enough'`. At least `count`
   * are drawn, and more where all of those were constant. Gives how many are known to be constant now.
   */
  draw(count: number, known: number, stream: Stream, look: (feature: number) => boolean | 'enough'): number;
}

/** @source Breiman: Random forests (2001); the bookkeeping of constants follows the idea in scikit-learn's splitter */
export function featureDraw(features: number): FeatureDraw {
  const order = new Int32Array(features);
  const constants = new Int32Array(features);
  const swap = (a: number, b: number): void => {
    const held = order[a] as number;
    order[a] = order[b] as number;
    order[b] = held;
  };
  return {
    reset() {
      for (let i = 0; i < features; i++) order[i] = i;
    },
    draw(count, known, stream, look) {
      // order: [drawn known constants | other known constants | found constants | not drawn yet | drawn, not constant]
      let end = features;
      let drawnKnown = 0;
      let foundNow = 0;
      let visited = 0;
      while (end > known + foundNow && (visited < count || visited <= foundNow + drawnKnown)) {
        visited++;
        let at = drawnKnown + stream.below(end - foundNow - drawnKnown);
        if (at < known) {
          swap(drawnKnown++, at);
          continue;
        }
        at += foundNow;
        const answer = look(order[at] as number);
        if (answer === true) {
          swap(at, known + foundNow);
          foundNow++;
          continue;
        }
        swap(--end, at);
        if (answer === 'enough') break;
      }
      // The front is put back as it was, so that the other branch finds the constants of its parents there.
      for (let i = 0; i < known; i++) order[i] = constants[i] as number;
      for (let i = known; i < known + foundNow; i++) constants[i] = order[i] as number;
      return known + foundNow;
    },
  };
}
