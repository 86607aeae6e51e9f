/** Metrics that look at every label: they see what accuracy hides where some labels are rare. */
import { DendriteError, type Metric } from '@dendrite/spec';
import { nothing } from '../part/check-part.ts';
import { type ClassCounts, countClasses, mergeClassCounts } from './class-counts.ts';
import { type Average, averageScore, balanced, kappa, matthews, type ScoreName, totalWeight } from './scores.ts';

export interface AverageOptions {
  /** How labels are joined into one number. Default `'macro'`. */
  readonly average?: Average;
}

/**
 * Precision: of the examples predicted as a label, the share that is that label; averaged over labels (those the model knows,
 * else those that occur). A label never predicted counts 0.
 * @param options.average  `'macro'` (default), `'weighted'` or `'micro'`
 * @throws OPTION  if `average` is something else
 */
export const precision = (options: AverageOptions = {}): Metric<ClassCounts> => averaged('precision', options);

/** Recall: of the examples that are a label, the share predicted as such; averaged as `precision`. A label that never occurs counts 0. */
export const recall = (options: AverageOptions = {}): Metric<ClassCounts> => averaged('recall', options);

/** F1: `2·precision·recall / (precision + recall)` of each label; averaged as `precision`. */
export const f1 = (options: AverageOptions = {}): Metric<ClassCounts> => averaged('f1', options);

/** Balanced accuracy: the mean recall of the labels that occur. Guessing one label all the time gives 1 / labels. */
export const balancedAccuracy: Metric<ClassCounts> = /* @__PURE__ */ classMetric('balancedAccuracy', balanced);

/** Matthews' correlation coefficient, for two labels or more: 1 is perfect, 0 is chance, −1 is always wrong. */
export const matthewsCorrelation: Metric<ClassCounts> = /* @__PURE__ */ classMetric('matthewsCorrelation', matthews);

/** Cohen's kappa: 1 is perfect, 0 is no better than chance with the same frequencies. */
export const cohenKappa: Metric<ClassCounts> = /* @__PURE__ */ classMetric('cohenKappa', kappa);

const AVERAGES: readonly Average[] = ['macro', 'micro', 'weighted'];

function averaged(score: ScoreName, { average = 'macro' }: AverageOptions): Metric<ClassCounts> {
  if (!AVERAGES.includes(average)) {
    throw new DendriteError(
      'OPTION',
      `${score}(): average must be one of ${AVERAGES.join(', ')}, got ${String(average)}. Leave it out for macro.`,
    );
  }
  return classMetric(score, (counts) => averageScore(counts, score, average));
}

function classMetric(name: string, value: (counts: ClassCounts) => number): Metric<ClassCounts> {
  return Object.freeze<Metric<ClassCounts>>({
    '~dendrite': 'metric',
    name,
    task: 'classification',
    init: () => new Map(),
    update: (counts, part) => countClasses(name, counts, part),
    merge: mergeClassCounts,
    value: (counts) => {
      if (totalWeight(counts) === 0) throw nothing(name);
      return value(counts);
    },
  });
}
