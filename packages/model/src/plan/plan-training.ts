/** What training would take: the author's reckoning, held against the limits, and a short trial on this machine. */
import { hostKey } from '@dendrite/random';
import {
  type Data,
  DendriteError,
  type FitOptions,
  type PlanObstacle,
  type PlanOptions,
  type TrainingPlan,
} from '@dendrite/spec';
import { taskOf } from '../define-model/begin.ts';
import { checkedOptions } from '../definition/option-rules.ts';
import { type AnyDefinition, tableRules } from '../fitted/trained.ts';
import { prepareTraining } from '../prepare/prepare.ts';
import { checkIsSaved } from '../restore/check-is-saved.ts';
import { checkSaved } from '../restore/check-saved.ts';
import { withOwnArrays } from '../restore/model-arrays.ts';
import { planText } from './plan-text.ts';
import type { PlannedWork } from './planned-work.ts';
import { type Trial, tryTraining } from './trial.ts';

const where = 'plan()';

/** @throws OPTION, DATA, SHAPE  as `fit` does, and OPTION where the model cannot tell */
export async function planTraining(
  definition: AnyDefinition,
  data: Data,
  { limits = {}, trial: allowed = 1, ...rest }: FitOptions & PlanOptions,
): Promise<TrainingPlan> {
  checkLimits(limits, allowed);
  const options = await checkedOptions(rest, definition.options, where);
  const { work, rows } = await reckon(definition, data, options);
  const missing = await memoryMissing(work, limits.bytes);
  const obstacles: PlanObstacle[] = missing ? [missing.obstacle] : [];
  // What cannot be done as it was asked for is tried in a smaller way only where somebody asks about its time.
  const asItIs = missing === undefined ? {} : limits.seconds && (await work.smallTrial?.(missing.room));
  const may = asItIs && allowed > 0 && work.trial !== false;
  const tried = may ? await tryTraining(definition, data, options, allowed, work, asItIs) : undefined;
  if (tried && limits.seconds !== undefined && tried.seconds > limits.seconds)
    obstacles.push(tooLong(work, tried, limits.seconds));
  const { parameters, flops, dispatches } = work;
  const plan = {
    model: definition.meta.name,
    where: work.where,
    rows,
    unit: work.unit,
    units: work.units,
    ...(parameters !== undefined && { parameters }),
    bytes: work.bytes,
    ...(flops !== undefined && { flops }),
    ...(dispatches !== undefined && { dispatches }),
    ...(tried && {
      seconds: tried.seconds,
      trial: { units: tried.units, secondsPerUnit: tried.secondsPerUnit },
    }),
    fits: obstacles.length === 0,
    obstacles,
  };
  // Not to be seen by whoever copies or compares the data.
  return Object.freeze(Object.defineProperty(plan, 'toString', { value: () => planText(plan) }));
}

async function reckon(
  definition: AnyDefinition,
  data: Data,
  options: FitOptions,
): Promise<{ readonly work: PlannedWork; readonly rows: number }> {
  const { capabilities, meta } = definition;
  if (definition.plan === undefined)
    throw new DendriteError(
      'OPTION',
      `${where}: '${meta.name}' must say what training takes, got a definition without plan(). Train it for a moment: run() and stop().`,
    );
  const { validation, classWeight, from, seed = 0 } = options;
  if (from !== undefined) checkIsSaved(from, where);
  const prepared = await prepareTraining(data, {
    capabilities,
    ...tableRules(definition),
    key: hostKey(seed),
    where,
    ...(validation !== undefined && { validation }),
    ...(classWeight !== undefined && { classWeight }),
    ...(from && { known: await checkSaved(from, definition, where) }),
  });
  const work = await definition.plan(
    taskOf(prepared, options, seed, { stopping: () => false, watched: () => true }, from && withOwnArrays(from)),
  );
  const { data: learned } = prepared;
  return { work, rows: 'table' in learned ? learned.table.rows : learned.rows };
}

/** `room`: bytes in which all would fit. */
async function memoryMissing(
  { bytes: { peak }, largest = 0, limits = {}, advice }: PlannedWork,
  given: number | undefined,
): Promise<{ readonly obstacle: PlanObstacle; readonly room: number } | undefined> {
  const missing = async (what: 'memory' | 'buffer', needed: number, limit: number, room: number) => ({
    obstacle: { what, needed, limit, advice: await advice(room) },
    room,
  });
  const memory = Math.min(limits.memory ?? Number.POSITIVE_INFINITY, given ?? Number.POSITIVE_INFINITY);
  if (peak > memory) return missing('memory', peak, memory, memory);
  const { buffer } = limits;
  if (buffer === undefined || largest <= buffer) return undefined;
  // What the whole takes shrinks with its largest buffer.
  return missing('buffer', largest, buffer, peak * (buffer / largest));
}

function tooLong(
  { unit, units }: PlannedWork,
  { seconds, pace }: Pick<Trial, 'seconds' | 'pace'>,
  limit: number,
): PlanObstacle {
  const possible = Math.floor(units - (seconds - limit) / pace);
  const advice =
    possible >= 1
      ? `In ${limit} s there is time for ${possible} of the ${units} ${unit}s: ask for fewer ${unit === 'step' ? 'epochs' : 'trees'}, or stop with timeBudget().`
      : `Not even one ${unit} is done in ${limit} s. Take fewer rows, a smaller model or a faster backend.`;
  return { what: 'time', needed: seconds, limit, advice };
}

function checkLimits(limits: NonNullable<PlanOptions['limits']>, trial: number): void {
  const { bytes, seconds, ...unknown } = limits;
  const [strange] = Object.keys(unknown);
  if (strange !== undefined)
    throw new DendriteError('OPTION', `${where}: limits must be bytes or seconds, got '${strange}'. Leave it out.`);
  for (const [name, value] of Object.entries({ bytes, seconds }))
    if (value !== undefined && !(value > 0))
      throw new DendriteError('OPTION', `${where}: limits.${name} must be above 0, got ${String(value)}.`);
  if (!(trial >= 0 && Number.isFinite(trial)))
    throw new DendriteError('OPTION', `${where}: trial must be seconds from 0 on, got ${String(trial)}.`);
}
