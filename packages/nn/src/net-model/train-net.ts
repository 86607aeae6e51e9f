/** The training of a network: epochs of steps, what they found read late, validation after each epoch, checkpoints anywhere. */
import { compile, leaves } from '@dendrite/core';
import type { CheckpointParts, FittedCore, TrainEvent } from '@dendrite/model';
import type { Json, StepNumbers, Tensor, Tree } from '@dendrite/spec';
import type { Bundle } from './bundle.ts';
import { fittedNet, netArrays, netExtra } from './fitted-net.ts';
import { type NetCapabilities, type NetPlan, type NetTask, noticeOf, runtimeOf, uploadBatch } from './net-plan.ts';
import { checkFinite, type StepReport } from './non-finite.ts';
import { Pace } from './pace.ts';
import { arraysOf, free, sharing } from './parts.ts';
import { repeats } from './repeats.ts';
import { continuation, startTraining, type Told } from './start-training.ts';
import { counterName, foundFirst, loadStep, type StepBatch, type TrainingState, trainingStep } from './train-step.ts';
import { averages, validate } from './validate.ts';

type Event = TrainEvent<NetCapabilities>;
/** Steps whose findings may be under way while the next is made; a device that the host sees needs none. */
const inFlight = 4;

/** A step that is made but not told of: its event waits for what it found, so that each event carries its own step's loss. */
interface Pending extends Omit<Told, 'metrics'> {
  metrics?: Told['metrics'];
  /** Until it is read. */
  readonly reading?: {
    readonly step: number;
    readonly rows: number;
    readonly found: Tensor;
    readonly data: Promise<Float32Array>;
  };
}

export async function* trainNet(
  plan: NetPlan,
  task: NetTask,
): AsyncGenerator<Event, FittedCore<NetCapabilities>, void> {
  const { options, data, validation } = task;
  const { epochs = plan.epochs, batchSize = plan.batchSize } = options;
  const runtime = await runtimeOf(task.runtime);
  const start = await startTraining(plan, task, batchSize);
  const { net, first, cursor } = start;
  const { head, scaling } = net;
  const rules = {
    runtime,
    layer: plan.layer,
    head,
    optimizer: plan.optimizer,
    key: runtime.key(task.seed).fork('steps'),
  };
  const trainStep = compile(trainingStep(rules), {
    replay: repeats(plan.layer.name, plan.layer.config),
    integers: [counterName],
  });
  const paths = leaves(first.params).map(({ path }) => path);
  const adapts = plan.optimizer.lossScale?.(first.slots).adapts ?? false;
  const evaluated = ({ params, slots }: TrainingState): Tree => plan.optimizer.evaluated?.(params, slots) ?? params;
  const steps = Math.ceil(data.rows / batchSize);
  const whole = Math.floor(data.rows / batchSize);
  const shuffle = task.key.fork('shuffle');
  const pending: Pending[] = [...start.untold];
  const pace = new Pace({ runtime, head, scaling, trainStep, classWeight: task.classWeight });
  let now = first;
  let { step } = cursor;
  let { examples, sums } = start;
  let memory: Json | undefined = start.memory;
  let notice: string | undefined = noticeOf(runtime, task.runtime);
  let handedOver = false;

  const note = ({ loss, correct }: StepReport, rows: number): Readonly<Record<string, number>> => {
    const scaledLoss = loss * head.lossScale;
    sums = { loss: sums.loss + scaledLoss * rows, correct: sums.correct + correct, rows: sums.rows + rows };
    return { loss: scaledLoss, ...(head.correct && { accuracy: correct / rows }) };
  };
  /** The metrics of a step that found this. @throws NUMERIC */
  const judge = (found: Float32Array, at: number, rows: number): Readonly<Record<string, number>> => {
    const [loss = Number.NaN, correct = 0, scale = 1] = found;
    const report = { step: at, loss, correct, scale, adapts, gradients: found.subarray(foundFirst) };
    checkFinite(report, paths);
    return note(report, rows);
  };
  /** Reads what the steps found, but for the newest `most`. */
  const settle = async (most: number): Promise<void> => {
    for (const each of pending.slice(0, Math.max(0, pending.length - most))) {
      if (each.metrics !== undefined || each.reading === undefined) continue;
      const { step: at, rows, found } = each.reading;
      const data = await each.reading.data;
      found.dispose();
      each.metrics = judge(data, at, rows);
    }
  };
  const event = (
    unit: 'batch' | 'epoch',
    done: number,
    of: number,
    seen: number,
    metrics: Readonly<Record<string, number>>,
    at: CheckpointParts['cursor'],
  ): Event => {
    const said = notice;
    notice = undefined;
    return {
      unit,
      done,
      of,
      examples: seen,
      metrics,
      ...(said !== undefined && { notice: said }),
      snapshot: () => fittedNet({ ...net, params: sharing(evaluated(now)), state: sharing(now.state) }),
      async checkpoint(): Promise<CheckpointParts> {
        await settle(0);
        const slots = await arraysOf('optimizer', now.slots);
        return {
          arrays: { ...(await netArrays(now.params, now.state)), ...slots },
          extra: {
            ...netExtra(scaling, head),
            ...continuation(plan, batchSize, {
              ...{ sums, examples, memory },
              // All are settled.
              untold: pending.map(({ done: made, examples: trained, metrics: own = {} }) => ({
                ...{ done: made, examples: trained, metrics: own },
              })),
            }),
          },
          cursor: at,
        };
      },
    };
  };

  /** Tells of the steps but for the newest `most`, until the run is stopped. */
  const tell = async function* (most: number, at: CheckpointParts['cursor']): AsyncGenerator<Event, void, void> {
    await settle(most);
    while (pending.length > most && !task.stopping()) {
      const next = pending.shift();
      if (next?.metrics) yield event('batch', next.done, epochs * steps, next.examples, next.metrics, at);
    }
  };

  const numbersOf = (at: number): StepNumbers => ({
    ...plan.optimizer.scalars(at, plan.optimizer.learningRate, memory),
    [counterName]: at,
  });
  /** Makes the steps that a bundle holds, and tells of the last of each call. Gives how many there were. */
  const together = async function* (bundle: Bundle, epoch: number, done: number): AsyncGenerator<Event, number, void> {
    let told = 0;
    while (bundle.size > 0) {
      const made = bundle.make(now);
      now = made.state;
      const found = await made.found.data().finally(() => made.found.dispose());
      pace.took(made.steps, bundle.bytes);
      const width = found.length / made.steps;
      let metrics: Told['metrics'] = {};
      for (let i = 0; i < made.steps; i++)
        metrics = judge(found.subarray(i * width, (i + 1) * width), ++step, batchSize);
      told += made.steps;
      examples += made.steps * batchSize;
      const at = { epoch, batch: done + told, step };
      yield event('batch', epoch * steps + at.batch, epochs * steps, examples, metrics, at);
    }
    return told;
  };

  try {
    for (let { epoch, batch: skip } = cursor; epoch < epochs; epoch++, skip = 0) {
      // A stop finishes the unit in hand: an epoch whose steps are all made is told of.
      if (task.stopping() && skip < steps) break;
      let done = skip;
      try {
        for await (const batch of data.batches({ size: batchSize, epoch, shuffle, skip })) {
          const { bundle } = pace;
          const held = bundle?.size ?? 0;
          const numbers = numbersOf(step + held + 1);
          if (held === 0) pace.begin();
          // What can only be one step gains nothing.
          const mayHold = !task.watched() && (held > 0 || whole - done > 1);
          const isHeld = mayHold && bundle?.add(batch, numbers, pace.most) === true;
          if (isHeld && !pace.isDue && done + held + 1 < whole) continue;
          if (bundle !== undefined && bundle.size > 0) {
            done += yield* together(bundle, epoch, done);
            if (task.stopping() && done < steps) break;
            if (isHeld) continue;
            pace.begin();
          }
          step++;
          const upload = (): StepBatch => uploadBatch(runtime, head, scaling, batch, task.classWeight);
          if (step === cursor.step + 1) await loadStep(rules, now, upload, numbers);
          const { state: after, out: found } = runtime.scope(() => trainStep(now, upload(), numbers));
          now = after;
          examples += batch.rows;
          done++;
          pending.push({
            ...{ done: epoch * steps + done, examples },
            reading: { step, rows: batch.rows, found, data: found.data() },
          });
          if (batch.rows === batchSize && !task.watched()) pace.single(batch, numbers, (epochs - epoch) * steps - done);
          const prompt = runtime.device.hostVisible || step === cursor.step + 1;
          yield* tell(prompt ? 0 : inFlight, { epoch, batch: done, step });
          if (task.stopping() && done < steps) break;
        }
      } catch (error) {
        // Steps whose batches came before what went wrong are made before it is told.
        if (pace.bundle?.size) yield* together(pace.bundle, epoch, done);
        throw error;
      }
      // A source may give fewer batches than it has rows for.
      if (pace.bundle?.size) done += yield* together(pace.bundle, epoch, done);
      yield* tell(0, { epoch, batch: done, step });
      await settle(0);
      pending.length = 0;
      if (done < steps) break;
      const metrics = {
        ...averages(sums, head.correct !== undefined),
        ...(validation !== undefined &&
          (await validate(rules, { ...now, params: evaluated(now) }, validation, net, task.signal))),
      };
      // A checkpoint after the epoch belongs to the next one.
      sums = { loss: 0, correct: 0, rows: 0 };
      memory = plan.optimizer.observe?.(memory, metrics, step);
      yield event('epoch', epoch + 1, epochs, examples, metrics, { epoch: epoch + 1, batch: 0, step });
    }
    const params = sharing(evaluated(now));
    free(now.params, now.slots);
    handedOver = true;
    return fittedNet({ ...net, params, state: now.state });
  } finally {
    trainStep.dispose();
    for (const { reading } of pending) {
      reading?.found.dispose();
      reading?.data.catch(() => {});
    }
    if (!handedOver) free(now.params, now.state, now.slots);
  }
}
