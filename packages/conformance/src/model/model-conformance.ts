/** The model kit: one Model interface, whatever learns behind it. */
import type { Model } from '@dendrite/spec';
import { check, type KitCase, withExpectedFailures } from '../kit/kit-case.ts';
import { keepingCases } from './keeping-cases.ts';
import { learningCases } from './learning-cases.ts';
import { ModelBench, type ModelKit } from './model-kit.ts';
import { runningCases } from './running-cases.ts';

/**
 * Cases for any model, gated by what its capabilities declare: it learns; labels come back as given; seeds, validation data,
 * weights and the form of the data change what they should and nothing else; runs can be watched, stopped, aborted and resumed;
 * files are checked; wrong use is told with its numbers; nothing is left alive.
 * @param make  a fresh configured model each time, for so many labels (1 for a number), small: it is fitted some forty times on 90 rows
 */
export function modelConformance(make: (classes: number) => Model, kit: ModelKit = {}): readonly KitCase[] {
  const bench = new ModelBench(make, kit);
  const cases = [...contractCases(bench), ...learningCases(bench), ...runningCases(bench), ...keepingCases(bench)];
  return withExpectedFailures(`model kit of ${make(3).meta.name}`, cases, kit.expectedFailures);
}

const contractCases = (bench: ModelBench): readonly KitCase[] => [
  {
    name: 'model: is a frozen description that JSON can hold',
    async run() {
      const model = bench.make();
      const kept: unknown = JSON.parse(JSON.stringify(model.config));
      check(Object.isFrozen(model), 'must be frozen');
      check(JSON.stringify(kept) === JSON.stringify(model.config), 'its config must survive JSON');
      check(model.meta.api === 1, `must speak version 1, got ${String(model.meta.api)}`);
    },
  },
];
