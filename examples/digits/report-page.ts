/** What a run looked like, on one page: learning curves, who is taken for whom, and the worst mistakes as pictures. */
import { classificationScores } from '@dendrite/metrics';
import {
  confusionMatrix,
  formatPercent,
  htmlReport,
  learningCurves,
  type Picture,
  pictures,
  type ReportSection,
  table,
} from '@dendrite/report';
import type { ProgressEvent } from '@dendrite/spec';
import type { Evaluation, Mistake } from './evaluation.ts';

export interface RunFacts {
  readonly title: string;
  /** Device and its details. */
  readonly backend: string;
  readonly images: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly randomLabels: boolean;
  /** Everything that onProgress was told. */
  readonly events: readonly ProgressEvent[];
  /** On the images trained on, with the labels they were trained with. */
  readonly trained: Evaluation;
  readonly tested: Evaluation;
}

/** A self-contained HTML page. */
export function reportPage(facts: RunFacts): string {
  const { title, backend, images, epochs, batchSize, seed, randomLabels, events, trained, tested } = facts;
  const last = events.at(-1);
  const gap = trained.accuracy - tested.accuracy;
  const curves: ReportSection = {
    title: 'Learning',
    text: [
      'How often the network is right while it learns, on the images it learns from and on the validation part it never learns from.',
      randomLabels
        ? 'The training labels are random: whatever is learned here was learned by heart. The gap between the two parts is what a validation set is for.'
        : 'As long as both parts move together, what is learned holds for images that were never seen. A growing gap means learning by heart.',
      `Right on ${formatPercent(trained.accuracy)} of the images trained on and on ${formatPercent(tested.accuracy)} of the test images: a gap of ${(100 * gap).toFixed(1)} points.`,
    ],
    figures: [
      learningCurves(events, { metric: 'accuracy', title: 'Accuracy' }),
      learningCurves(events, { metric: 'loss', title: 'Loss (cross-entropy)' }),
    ],
  };
  const scores = classificationScores(tested.matrix);
  const confusion: ReportSection = {
    title: 'What is taken for what',
    text: `All ${tested.images} test images: rows are what they show, columns what the network says.`,
    figures: [
      confusionMatrix(tested.matrix),
      table(
        ['label', 'precision', 'recall', 'F1', 'images'],
        scores.perLabel.map(({ label, precision, recall, f1, support }) => [label, precision, recall, f1, support]),
        { title: 'By label' },
      ),
    ],
  };
  const mistakes: ReportSection = {
    title: 'The worst mistakes',
    text:
      tested.mistakes.length === 0
        ? 'There is none.'
        : 'The test images whose true label was given the least probability, the worst first.',
    figures: tested.mistakes.length === 0 ? [] : [pictures(tested.mistakes.map(picture))],
  };
  return htmlReport({
    title,
    subtitle: `LeNet-5 on ${backend}`,
    facts: [
      { label: 'test accuracy', value: formatPercent(tested.accuracy) },
      { label: 'training accuracy', value: formatPercent(trained.accuracy) },
      { label: 'images to train on', value: images },
      { label: 'epochs', value: epochs },
      { label: 'batch size', value: batchSize },
      { label: 'seed', value: seed },
      { label: 'seconds', value: last === undefined ? '–' : last.seconds.toFixed(1) },
      { label: 'images a second', value: last === undefined ? '–' : Math.round(last.examples / last.seconds) },
    ],
    sections: [curves, confusion, mistakes],
  });
}

function picture({ picture: pixels, shape, expected, predicted, certainty, truth }: Mistake): Picture {
  const [height = 0, width = 0, channels = 1] = shape;
  const known = channels === 3 || channels === 4 ? channels : 1;
  return {
    // Of other numbers of channels the first is shown.
    pixels: known === channels ? pixels : pixels.filter((_, at) => at % channels === 0),
    width,
    height,
    channels: known,
    expected,
    predicted,
    probability: certainty,
    caption: `${expected}: ${formatPercent(truth)}`,
  };
}
