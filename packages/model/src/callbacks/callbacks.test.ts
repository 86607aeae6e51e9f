import type { Callback, ProgressEvent } from '@dendrite/spec';
import { beforeEach, describe, expect, test } from 'vitest';
import { centroidLife, nearestCentroid } from '../define-model/nearest-centroid.fixture.ts';
import { earlyStopping } from './early-stopping.ts';
import { stopOnNaN } from './stop-on-nan.ts';
import { timeBudget } from './time-budget.ts';

const event = (
  done: number,
  metrics: Record<string, number>,
  unit: ProgressEvent['unit'] = 'epoch',
): ProgressEvent => ({ unit, done, of: 100, seconds: done, examples: done, metrics });

/** Plays values to a callback; gives what it did at which report. */
function play(callback: Callback, values: readonly number[], name = 'validation.loss', run = handle()): string[] {
  values.forEach((value, i) => {
    run.at = i + 1;
    if (run.did.some((did) => did.startsWith('stop'))) return;
    void callback.on(event(i + 1, { [name]: value }), run);
  });
  return run.did;
}
function handle(): Parameters<Callback['on']>[1] & { at: number; did: string[] } {
  return {
    at: 0,
    did: [],
    stop(reason) {
      this.did.push(`stop ${this.at}: ${reason}`);
    },
    remember() {
      this.did.push(`remember ${this.at}`);
    },
    checkpoint: () => Promise.reject(new Error('not asked for')),
  };
}

beforeEach(() => Object.assign(centroidLife, { states: 0, cores: 0 }));

describe('earlyStopping()', () => {
  test('remembers each best, stops after `patience` reports without one', () => {
    expect(play(earlyStopping({ patience: 2 }), [3, 2, 2.5, 1, 1, 1, 0])).toEqual([
      'remember 1',
      'remember 2',
      'remember 4',
      'stop 6: validation.loss has not improved for 2 reports (epoch 6; best 1)',
    ]);
  });
  test('accuracies rise; minDelta asks for more; NaN is no improvement; restoreBest may be off', () => {
    expect(
      play(earlyStopping({ monitor: 'validation.accuracy', patience: 1 }), [0.5, 0.6, 0.6], 'validation.accuracy').at(
        -1,
      ),
    ).toContain('stop 3');
    expect(play(earlyStopping({ patience: 1, minDelta: 0.5 }), [3, 2.6])).toEqual([
      'remember 1',
      expect.stringContaining('stop 2'),
    ]);
    expect(play(earlyStopping({ patience: 2 }), [Number.NaN, Number.NaN])).toEqual([
      'stop 2: validation.loss has not improved for 2 reports (epoch 2; best never a number)',
    ]);
    expect(play(earlyStopping({ patience: 1, mode: 'max', restoreBest: false }), [1, 2, 2])).toEqual([
      expect.stringContaining('stop 3'),
    ]);
  });
  test('one callback serves many runs, one after another', () => {
    const callback = earlyStopping({ patience: 1 });
    expect(play(callback, [1, 2])).toHaveLength(2);
    expect(play(callback, [5, 4, 3])).toEqual(['remember 1', 'remember 2', 'remember 3']);
  });
  test('its memory goes on', () => {
    const first = earlyStopping({ patience: 3 });
    const [run, other] = [handle(), handle()];
    play(first, [1, 2, 3], 'validation.loss', run);
    play(first, [7], 'validation.loss', other);
    expect([first.save?.(run), first.save?.(other)]).toEqual([
      { best: 1, waited: 2 },
      { best: 7, waited: 0 },
    ]);
    expect(earlyStopping().save?.(handle())).toEqual({ best: null, waited: 0 });
    const second = earlyStopping({ patience: 3 });
    const later = handle();
    second.restore?.({ best: 1, waited: 2 }, later);
    expect(play(second, [2], 'validation.loss', later)).toEqual([expect.stringContaining('stop 1')]);
    expect(first.config).toEqual({
      ...{ monitor: 'validation.loss', patience: 3, mode: 'min' },
      minDelta: 0,
      restoreBest: true,
    });
  });
  test('batches do not count; a metric that is not reported is named', () => {
    const callback = earlyStopping();
    expect(() => callback.on(event(1, {}, 'batch'), handle())).not.toThrow();
    expect(() => callback.on(event(1, { loss: 1 }), handle())).toThrow(
      "earlyStopping(): monitor must be a metric that is reported (loss), got 'validation.loss'. Fit with `validation`, or watch another.",
    );
    expect(() => earlyStopping({ patience: 0 })).toThrow('patience must be a whole number of at least 1, got 0');
    expect(() => earlyStopping({ minDelta: -1 })).toThrow('minDelta must be at least 0, got -1');
  });

  test('in a run: ends with the best model and frees the others', async () => {
    const x = [[0], [1], [10], [11]];
    const y = ['a', 'a', 'b', 'b'];
    const fitted = await nearestCentroid().fit(
      { x, y },
      { epochs: 50, validation: { x, y }, callbacks: [earlyStopping({ monitor: 'loss', mode: 'max', patience: 2 })] },
    );
    expect(fitted.stopped).toContain('loss has not improved for 2 reports (epoch 3; best 1)');
    expect(fitted.history).toHaveLength(3);
    expect(centroidLife).toEqual({ states: 0, cores: 1 });
    await expect(
      nearestCentroid({ snapshots: false }).fit({ x, y }, { callbacks: [earlyStopping({ monitor: 'loss' })] }),
    ).rejects.toThrow('Use restoreBest: false.');
    expect(centroidLife.cores).toBe(1);
  });
});

test('stopOnNaN(): names the metric and the unit', async () => {
  const fitted = await nearestCentroid({ poison: 2 }).fit(
    { x: [[0], [1]], y: ['a', 'b'] },
    { epochs: 9, callbacks: [stopOnNaN()] },
  );
  expect([fitted.stopped, fitted.history.length]).toEqual(['loss is NaN after epoch 2', 2]);
});

test('timeBudget(): by the seconds of the events', () => {
  expect(play(timeBudget({ seconds: 3 }), [1, 1, 1, 1])).toEqual(['stop 3: the time budget of 3 s is used up']);
  expect(() => timeBudget({ seconds: 0 })).toThrow('seconds must be above 0, got 0');
});
