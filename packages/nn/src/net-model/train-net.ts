/** The training of a network: epochs of steps, what they found read late, validation after each epoch, checkpoints anywhere. */
import { leaves } from '@dendrite/core';
import type { CheckpointParts, FittedCore, TrainEvent } from '@dendrite/model';
import { type DataSource, DendriteError, type Json, type Tensor } from '@dendrite/spec';
import { fittedNet, freshNet, type NetParts, netArrays, netExtra, restoreNet } from './fitted-net.ts';
import { type NetCapabilities, type NetPlan, type NetTask, noticeOf, runtimeOf, uploadBatch } from './net-plan.ts';
import { checkFinite, type StepReport } from './non-finite.ts';
import { arraysOf, free, sharing, treeFrom } from './parts.ts';
import { fitScaling } from './scaling.ts';
import { measureBatch, type TrainingState, trainStep } from './train-step.ts';

type Event = TrainEvent<NetCapabilities>;
/** Steps whose findings may be under way while the next is made; a device that the host sees needs none. */
const inFlight = 4;
const validationRows = 256;

interface Sums {
  loss: number;
  correct: number;
  rows: number;
}
interface Pending {
  readonly step: number;
  readonly rows: number;
  readonly found: Tensor;
  readonly data: Promise<Float32Array>;
}
interface Start {
  readonly net: Omit<NetParts, 'params' | 'state'>;
  readonly first: TrainingState;
  readonly cursor: { readonly epoch: number; readonly batch: number; readonly step: number };
  readonly sums: Sums;
}

export async function* trainNet(
  plan: NetPlan,
  task: NetTask,
): AsyncGenerator<Event, FittedCore<NetCapabilities>, void> {
  const { options, data, validation } = task;
  const { epochs = plan.epochs, batchSize = plan.batchSize } = options;
  const runtime = runtimeOf(task.runtime);
  const { net, first, cursor, sums: before } = await start(plan, task, batchSize);
  const { head, scaling } = net;
  const rules = {
    runtime,
    layer: plan.layer,
    head,
    optimizer: plan.optimizer,
    key: runtime.key(task.seed).fork('steps'),
  };
  const paths = leaves(first.params).map(({ path }) => path);
  const steps = Math.ceil(data.rows / batchSize);
  const shuffle = task.key.fork('shuffle');
  const pending: Pending[] = [];
  let now = first;
  let { step } = cursor;
  let examples = 0;
  let sums = before;
  let latest: Readonly<Record<string, number>> = {};
  let notice: string | undefined = noticeOf(runtime, task.runtime);
  let handedOver = false;

  const note = ({ loss, correct }: StepReport, rows: number): void => {
    const scaledLoss = loss * head.lossScale;
    sums = { loss: sums.loss + scaledLoss * rows, correct: sums.correct + correct, rows: sums.rows + rows };
    latest = { loss: scaledLoss, ...(head.correct && { accuracy: correct / rows }) };
  };
  const settle = async (most: number): Promise<void> => {
    while (pending.length > most) {
      const next = pending.shift();
      if (next === undefined) return;
      const [loss = Number.NaN, correct = 0, ...gradients] = await next.data;
      next.found.dispose();
      const report = { step: next.step, loss, correct, gradients: Float32Array.from(gradients) };
      checkFinite(report, paths);
      note(report, next.rows);
    }
  };
  const event = (
    unit: 'batch' | 'epoch',
    done: number,
    of: number,
    metrics: Readonly<Record<string, number>>,
    at: CheckpointParts['cursor'],
  ): Event => {
    const said = notice;
    notice = undefined;
    return {
      unit,
      done,
      of,
      examples,
      metrics,
      ...(said !== undefined && { notice: said }),
      snapshot: () => fittedNet({ ...net, params: sharing(now.params), state: sharing(now.state) }),
      async checkpoint(): Promise<CheckpointParts> {
        await settle(0);
        const slots = await arraysOf('optimizer', now.slots);
        return {
          arrays: { ...(await netArrays(now.params, now.state)), ...slots },
          extra: { ...netExtra(scaling, head), ...continuation(plan, batchSize, sums) },
          cursor: at,
        };
      },
    };
  };

  try {
    for (
      let { epoch, batch: skip } = cursor;
      epoch < epochs && !task.stopping();
      epoch++, skip = 0, sums = { loss: 0, correct: 0, rows: 0 }
    ) {
      let done = skip;
      for await (const batch of data.batches({ size: batchSize, epoch, shuffle, skip })) {
        step++;
        const { after, found } = runtime.scope(() =>
          trainStep(rules, now, uploadBatch(runtime, head, scaling, batch, task.classWeight), step),
        );
        now = after;
        pending.push({ step, rows: batch.rows, found, data: found.data() });
        await settle(runtime.device.hostVisible || step === cursor.step + 1 ? 0 : inFlight);
        examples += batch.rows;
        done++;
        yield event('batch', epoch * steps + done, epochs * steps, latest, { epoch, batch: done, step });
        if (task.stopping() && done < steps) break;
      }
      await settle(0);
      if (done < steps) break;
      const metrics = {
        ...averages(sums, head.correct !== undefined),
        ...(validation !== undefined && (await validate(rules, now, validation, net, task.signal))),
      };
      yield event('epoch', epoch + 1, epochs, metrics, { epoch: epoch + 1, batch: 0, step });
    }
    free(now.slots);
    handedOver = true;
    return fittedNet({ ...net, params: now.params, state: now.state });
  } finally {
    for (const { found, data: reading } of pending) {
      found.dispose();
      reading.catch(() => {});
    }
    if (!handedOver) free(now.params, now.state, now.slots);
  }
}

const averages = ({ loss, correct, rows }: Sums, classes: boolean): Readonly<Record<string, number>> => ({
  loss: loss / rows,
  ...(classes && { accuracy: correct / rows }),
});

/** Loss and accuracy on data that are not trained on. */
async function validate(
  rules: Parameters<typeof measureBatch>[0],
  now: TrainingState,
  source: DataSource,
  { head, scaling, runtime }: Start['net'],
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, number>>> {
  const sums: Sums = { loss: 0, correct: 0, rows: 0 };
  for await (const batch of source.batches({ size: validationRows, epoch: 0 })) {
    const found = runtime.scope(() => measureBatch(rules, now, uploadBatch(runtime, head, scaling, batch)));
    const [loss = Number.NaN, correct = 0] = await found.data();
    found.dispose();
    sums.loss += loss * head.lossScale;
    sums.correct += correct;
    sums.rows += batch.rows;
    // The run ends at its next event; and a page must stay alive meanwhile.
    if (signal?.aborted) break;
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
  }
  return Object.fromEntries(
    Object.entries(averages(sums, head.correct !== undefined)).map(([name, value]) => [`validation.${name}`, value]),
  );
}

/** Parameters, slots and place to begin with: new ones, a saved model's, or a checkpoint's. */
async function start(plan: NetPlan, task: NetTask, batchSize: number): Promise<Start> {
  const { data, from, labels, seed } = task;
  const runtime = runtimeOf(task.runtime);
  const zero: Sums = { loss: 0, correct: 0, rows: 0 };
  if (from === undefined) {
    const scaling = await fitScaling(plan.scaling, data);
    const { params, state, output } = freshNet(plan, runtime, seed, data.feature.shape);
    try {
      const head = plan.fitHead(labels, data.targets(), output);
      if (leaves(params).length === 0)
        throw new DendriteError(
          'OPTION',
          `${plan.owner}(): its layer must have parameters to learn, got none. Put a dense() into it.`,
        );
      return {
        net: { runtime, layer: plan.layer, head, scaling },
        first: { params, state, slots: slotsOf(plan, task, params) },
        cursor: { epoch: 0, batch: 0, step: 0 },
        sums: zero,
      };
    } catch (error) {
      free(params, state);
      throw error;
    }
  }
  const { header, arrays } = from;
  const { params, state, ...net } = restoreNet(
    plan,
    { saved: from, arrays, extra: header.extra, labels, feature: data.feature, runtime },
    'fit()',
  );
  try {
    const fresh = slotsOf(plan, task, params);
    if (!('cursor' in from))
      return { net, first: { params, state, slots: fresh }, cursor: { epoch: 0, batch: 0, step: 0 }, sums: zero };
    const { sums } = checkedContinuation(header.extra, plan, batchSize, fresh);
    return {
      net,
      first: { params, state, slots: treeFrom('optimizer', fresh, arrays, runtime, 'fit()') },
      cursor: from.cursor,
      sums,
    };
  } catch (error) {
    free(params, state);
    throw error;
  }
}

const slotsOf = (plan: NetPlan, task: NetTask, params: TrainingState['params']): TrainingState['slots'] =>
  runtimeOf(task.runtime).scope(() => plan.optimizer.init(params));

/** What must be the same when a run goes on. */
const continuation = ({ optimizer }: NetPlan, batchSize: number, sums: Sums): { readonly [name: string]: Json } => ({
  optimizer: { name: optimizer.name, config: optimizer.config },
  batchSize,
  sums: { ...sums },
});
function checkedContinuation(
  extra: Json,
  { optimizer }: NetPlan,
  batchSize: number,
  slots: TrainingState['slots'],
): { readonly sums: Sums } {
  const found = (typeof extra === 'object' && extra !== null ? extra : {}) as Readonly<Record<string, Json>>;
  const same = JSON.stringify(found.optimizer) === JSON.stringify({ name: optimizer.name, config: optimizer.config });
  if (!same || found.batchSize !== batchSize) {
    free(slots);
    const shown = (name: string, size: number): string => `${name} and batches of ${size}`;
    throw new DendriteError(
      'OPTION',
      `fit(): a run that goes on must have the checkpoint's optimizer and batch size, ${shown(JSON.stringify(found.optimizer), Number(found.batchSize))}, got ${shown(JSON.stringify({ name: optimizer.name, config: optimizer.config }), batchSize)}. To change them, go on from a saved model instead.`,
    );
  }
  const {
    loss = 0,
    correct = 0,
    rows = 0,
  } = (found.sums ?? {}) as { readonly loss?: number; readonly correct?: number; readonly rows?: number };
  return { sums: { loss, correct, rows } };
}
