/** Every phase of a run in which its signal may come, for a network and for a forest: what is trained, and where the signal is given. */
import { arraySource, earlyStopping, memoryStore } from '@dendrite/model';
import { batchNorm, classifier, dense, dropout, sequential } from '@dendrite/nn';
import { randomForestClassifier } from '@dendrite/random-forest';
import type { Batch, BatchOptions, CheckpointStore, DataSource, FitOptions, Runtime } from '@dendrite/spec';

export interface AbortPhase {
  readonly name: string;
  /** Starts a run that gives its own signal in this phase. */
  run(runtime: Runtime, controller: AbortController): Promise<unknown>;
}

const rows = 96;
const x = Float32Array.from({ length: rows * 4 }, (_, i) => Math.sin(i * 12.9898) + (Math.floor(i / 4) % 3));
const targets = Array.from({ length: rows }, (_, i) => i % 3);

/** Calls `at` before it gives batch number `number` of a reading that is shuffled (training) or not (validation). */
function watched(kind: 'training' | 'validation', number: number, at: () => void): DataSource<string> {
  const source = arraySource({ x: { data: x, shape: [rows, 4] }, targets, labels: ['a', 'b', 'c'] });
  const wrap = (inner: DataSource<string>): DataSource<string> => ({
    ...inner,
    select: (indices) => wrap(inner.select(indices)),
    async *batches(options: BatchOptions): AsyncGenerator<Batch, void, void> {
      let count = 0;
      for await (const batch of inner.batches(options)) {
        if ((options.shuffle !== undefined) === (kind === 'training') && options.size !== 64 && count++ === number)
          at();
        yield batch;
      }
    },
  });
  return wrap(source);
}
/** Calls `at` within one of the store's functions. */
function watchedStore(method: 'list' | 'read' | 'write' | 'remove', at: () => void): CheckpointStore {
  const store = memoryStore();
  const watch =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      at();
      await new Promise((resolve) => setTimeout(resolve, 5));
      return work(...args);
    };
  return { ...store, [method]: watch(store[method] as (...args: unknown[]) => Promise<unknown>) };
}

type Fit = (data: DataSource<string>, options: FitOptions) => Promise<unknown>;
const net: Fit = (data, options) =>
  classifier(sequential(dense(8), batchNorm(), dropout(0.2), dense(3)), { batchSize: 16, epochs: 4 }).fit(
    data,
    options,
  );
const forest =
  (workers: number): Fit =>
  (data, options) =>
    randomForestClassifier({ trees: 30, workers }).fit(data, options);

const plain = (): DataSource<string> => watched('training', -1, () => {});

/** What `fit` goes through, in order. */
function phasesOf(kind: string, fit: Fit, monitor: string): readonly AbortPhase[] {
  const phase = (
    name: string,
    make: (abort: () => void) => { readonly data?: DataSource<string>; readonly options?: FitOptions },
  ): AbortPhase => ({
    name: `${kind}: ${name}`,
    run: (runtime, controller) => {
      const { data = plain(), options = {} } = make(() => controller.abort(new Error('enough')));
      return fit(data, { seed: 1, validation: 0.25, ...options, runtime, signal: controller.signal });
    },
  });
  const keen = () => [earlyStopping({ monitor, patience: 99 })];
  const inStore = (method: 'list' | 'read' | 'write' | 'remove') =>
    phase(`while its store is asked to ${method}`, (abort) => ({
      options: { callbacks: keen(), checkpoint: { every: 2, store: watchedStore(method, abort) } },
    }));
  return [
    phase('before it begins', (abort) => {
      abort();
      return {};
    }),
    phase('while its data are prepared', (abort) => {
      const data = plain();
      const select: DataSource<string>['select'] = (indices) => {
        abort();
        return data.select(indices);
      };
      return { data: { ...data, select } };
    }),
    phase('in its first event', (abort) => ({ options: { onProgress: abort } })),
    phase('in a callback that has a model remembered', (abort) => ({
      options: {
        callbacks: [
          ...keen(),
          { name: 'abort', on: ({ unit, done }) => (unit !== 'batch' && done === 2 ? abort() : undefined) },
        ],
      },
    })),
    phase('from outside, while a callback waits', (abort) => ({
      options: {
        callbacks: [
          {
            name: 'late',
            async on({ done }) {
              if (done === 3) setTimeout(abort, 1);
              if (done === 3) await new Promise((resolve) => setTimeout(resolve, 5));
            },
          },
        ],
      },
    })),
    phase('and a callback throws', (abort) => ({
      options: {
        callbacks: [
          {
            name: 'thrower',
            on() {
              abort();
              throw new Error('mine');
            },
          },
        ],
      },
    })),
    inStore('list'),
    inStore('write'),
    inStore('remove'),
  ];
}

export const abortPhases: readonly AbortPhase[] = [
  ...phasesOf('net', net, 'validation.loss'),
  ...(
    [
      ['training', 0],
      ['training', 2],
      ['validation', 0],
    ] as const
  ).map(
    ([kind, number]): AbortPhase => ({
      name: `net: as batch ${number} of ${kind} is read`,
      run: (runtime, controller) => {
        const abort = (): void => controller.abort();
        const [data, validation] = [watched('training', number, abort), watched('validation', number, abort)];
        const options = kind === 'training' ? { validation: plain() } : { validation };
        return net(kind === 'training' ? data : plain(), { seed: 1, ...options, runtime, signal: controller.signal });
      },
    }),
  ),
  ...phasesOf('forest', forest(1), 'outOfBag'),
  ...phasesOf('forest with workers', forest(3), 'outOfBag'),
];
