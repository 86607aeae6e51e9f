import { isDendriteError, type ProgressEvent } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { EVIL, elementsOf, textsOf, unbalanced } from '../markup/markup.fixture.ts';
import { learningCurves } from './learning-curves.ts';
import { lineChart } from './line-chart.ts';

/** Points of the i-th path, in pixels. */
const pathOf = (svg: string, i: number): number[][] =>
  (elementsOf(svg, 'path')[i]?.d ?? '')
    .split(/[ML]/)
    .slice(1)
    .map((pair) => pair.split(' ').map(Number));

describe('lineChart()', () => {
  test('points lie where their values say', () => {
    const svg = lineChart(
      [
        {
          name: 'a',
          points: [
            [0, 0],
            [5, 5],
            [10, 10],
          ],
        },
      ],
      { width: 400, height: 300 },
    );
    const [first, middle, last] = pathOf(svg, 0);
    expect(first).toEqual([64, 252]); // left edge, bottom edge
    expect(last?.[1]).toBe(24); // top edge, without a title
    expect(middle).toEqual([(64 + (last?.[0] ?? 0)) / 2, (252 + 24) / 2]);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['0', '2', '10', 'a 10']));
    expect(unbalanced(svg)).toEqual([]);
  });

  test('a break where a value is not finite, and a line that says so', () => {
    const svg = lineChart([
      {
        name: 'a',
        points: [
          [0, 1],
          [1, 2],
          [2, Number.NaN],
          [3, 4],
          [4, Number.POSITIVE_INFINITY],
          [5, 2],
        ],
      },
    ]);
    expect(elementsOf(svg, 'path')[0]?.d?.match(/M/g)).toHaveLength(3);
    expect(textsOf(svg)).toContain('2 values are not finite, so not drawn');
    expect(elementsOf(svg, 'svg')[0]?.['aria-label']).toContain('2 values are not finite');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  test('nothing to draw says so', () => {
    expect(textsOf(lineChart([]))).toContain('no finite values');
    expect(textsOf(lineChart([{ name: 'a', points: [[0, Number.NaN]] }]))).toContain('no finite values');
  });

  test('log axis: what is not above 0 is counted, not drawn', () => {
    const svg = lineChart(
      [
        {
          name: 'a',
          points: [
            [0, 1],
            [1, 0],
            [2, 0.01],
            [3, 0.1],
          ],
        },
      ],
      { yScale: 'log', yLabel: 'loss' },
    );
    const ys = pathOf(svg, 0).map(([, y]) => y ?? 0);
    expect((ys[0] ?? 0) - (ys[2] ?? 0)).toBeCloseTo((ys[2] ?? 0) - (ys[1] ?? 0), 1);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['loss (log scale)', '1 value is not finite and above 0, so not drawn']),
    );
  });

  test('100,000 points are thinned and keep their peak', () => {
    const points = Array.from({ length: 100_000 }, (_, i) => [i, i === 77_777 ? 100 : Math.sin(i)] as const);
    const svg = lineChart([{ name: 'a', points }], { title: '' });
    expect(pathOf(svg, 0).length).toBeLessThanOrEqual(1000);
    expect(Math.min(...pathOf(svg, 0).map(([, y]) => y ?? 0))).toBe(24);
    expect(svg.length).toBeLessThan(40_000);
  });

  test('names at the ends do not cover each other', () => {
    const svg = lineChart(
      [1, 1.001, 1.002].map((y, i) => ({
        name: `line ${i}`,
        points: [
          [0, i],
          [1, y],
        ] as const,
      })),
    );
    const ys = elementsOf(svg, 'text')
      .filter(({ fill, class: name }) => fill === 'currentColor' && name?.includes('strong'))
      .map(({ y }) => Number(y));
    expect(ys).toHaveLength(3);
    expect((ys[1] ?? 0) - (ys[0] ?? 0)).toBeGreaterThanOrEqual(15.9);
    expect((ys[2] ?? 0) - (ys[1] ?? 0)).toBeGreaterThanOrEqual(15.9);
  });

  test('user text stays text', () => {
    const svg = lineChart(
      [
        {
          name: EVIL,
          points: [
            [0, 1],
            [1, 2],
          ],
        },
      ],
      { title: EVIL, xLabel: EVIL, yLabel: EVIL, note: EVIL, description: EVIL },
    );
    expect(svg).not.toMatch(/<script|<img|\0/);
    expect(unbalanced(svg)).toEqual([]);
  });
});

const event = (
  unit: 'batch' | 'epoch',
  done: number,
  examples: number,
  metrics: Record<string, number>,
): ProgressEvent => ({
  unit,
  done,
  of: 10,
  seconds: 0,
  examples,
  metrics,
});

describe('learningCurves()', () => {
  test('train and validation, the gap between them in pixels and in words', () => {
    const svg = learningCurves({ train: [1, 0.5, 0.25], validation: [1, 0.75, 0.8] }, { title: 'Loss' });
    const [train, validation] = [pathOf(svg, 0), pathOf(svg, 1)];
    const outline = elementsOf(svg, 'polygon')[0]
      ?.points?.split(' ')
      .map((pair) => pair.split(',').map(Number));
    expect(outline).toEqual([...train, ...validation.reverse()]);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['training 0.25', 'validation 0.8', 'gap at the end: 0.55', 'best 0.75', 'epoch']),
    );
    expect(elementsOf(svg, 'svg')[0]?.['aria-label']).toBe(
      'Loss. loss on the training part ends at 0.25, on the validation part at 0.8, a gap of 0.55, best validation value 0.75 at epoch 2',
    );
    expect(unbalanced(svg)).toEqual([]);
  });

  test('epochs of a history; batches are left alone where they lack the metric', () => {
    const history = [1, 2, 3].flatMap((epoch) => [
      event('batch', epoch, epoch * 64, { loss: 1 }),
      event('epoch', epoch, epoch * 64, { accuracy: 0.9 + epoch / 100, 'validation.accuracy': 0.9 }),
    ]);
    const svg = learningCurves(history, { metric: 'accuracy' });
    expect(pathOf(svg, 0)).toHaveLength(3);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['1', '2', '3', 'epoch', 'accuracy', 'training 0.93', 'validation 0.9']),
    );
    expect(textsOf(svg)).not.toContain('1.5');
  });

  test('batches: raw values, their mean, and validation on one axis of examples', () => {
    const batches = Array.from({ length: 400 }, (_, i) => event('batch', i + 1, (i + 1) * 64, { loss: 1 + (i % 2) }));
    const svg = learningCurves([...batches, event('epoch', 1, 400 * 64, { loss: 1.5, 'validation.loss': 1.4 })]);
    expect(pathOf(svg, 0)).toHaveLength(400);
    // The mean of 9 alternating values around each is near 1.5; the raw ones jump between 1 and 2.
    const [top, bottom] = [
      Math.min(...pathOf(svg, 0).map(([, y]) => y ?? 0)),
      Math.max(...pathOf(svg, 0).map(([, y]) => y ?? 0)),
    ];
    for (const [, y = 0] of pathOf(svg, 1).slice(10))
      expect(Math.abs((y - top) / (bottom - top) - 0.5)).toBeLessThan(0.11);
    expect(textsOf(svg)).toContain('training examples seen');
    expect(pathOf(svg, 2)).toHaveLength(1);
  });

  test('a loss that falls far gets a log axis, unless told', () => {
    const train = Array.from({ length: 20 }, (_, i) => 2 * 0.7 ** i);
    expect(textsOf(learningCurves({ train }))).toContain('loss (log scale)');
    expect(textsOf(learningCurves({ train }, { yScale: 'linear' }))).toContain('loss');
    expect(textsOf(learningCurves({ train: train.map((x) => x - 0.1) }))).toContain('loss');
  });

  test('the best accuracy is the highest, the best error the lowest', () => {
    const curves = { train: [0, 0, 0], validation: [0.5, 0.9, 0.6] };
    expect(textsOf(learningCurves(curves, { metric: 'accuracy' }))).toContain('best 0.9');
    expect(textsOf(learningCurves(curves, { metric: 'meanSquaredError' }))).toContain('best 0.5');
    expect(textsOf(learningCurves(curves, { metric: 'meanSquaredError', better: 'higher' }))).toContain('best 0.9');
  });

  test('a run that became NaN says so', () => {
    const svg = learningCurves({ train: [1, Number.NaN, Number.NaN] });
    expect(textsOf(svg)).toContain('2 values are not finite, so not drawn');
    expect(elementsOf(svg, 'svg')[0]?.['aria-label']).toContain('2 values are not finite');
  });

  test('an unknown metric names those there are', () => {
    try {
      learningCurves([event('epoch', 1, 1, { loss: 1, 'validation.loss': 2 })], { metric: 'acuracy' });
      expect.unreachable();
    } catch (error) {
      expect(isDendriteError(error, 'DATA') && error.message).toBe(
        'learningCurves(): some event must have the metric "acuracy", got loss, validation.loss in 1 events. Name one of those, or pass { train, validation }.',
      );
    }
    expect(() => learningCurves([])).toThrow('got no metrics in 0 events');
  });
});
