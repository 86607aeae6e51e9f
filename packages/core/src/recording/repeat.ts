/** Many steps of a replay in one go: by the device alone where each state is written over the one before. */
import type { Advance, Buffer } from '@dendrite/spec';
import { internSpec } from '../engine/interned-spec.ts';
import type { TensorHandle } from '../engine/tensor-handle.ts';
import type { Operand, Value } from './recording.ts';
import type { Replay } from './replay.ts';
import { type GivenState, type ManyGiven, type Series, seriesOf } from './series.ts';
import type { Stage, Use } from './stage.ts';

/** Values that go on by so many bytes from step to step, and the operands that read or write them. */
interface Advancing {
  readonly values: ReadonlyMap<Value, number>;
  readonly operands: readonly Advance[];
}
/** What is known of a replay once it was repeated. */
interface Known {
  /** undefined where steps cannot follow one another by themselves. */
  readonly series: Series | undefined;
  /** For the strides of given buffers, what goes on. */
  readonly advancing: Map<readonly number[], Advancing>;
}
const known = new WeakMap<Replay, Known>();

function knownOf(replay: Replay): Known {
  let found = known.get(replay);
  if (found === undefined) {
    const { recording, made, outs, calls, given } = replay;
    found = { series: seriesOf(recording, [...made, ...outs], calls, given), advancing: new Map() };
    known.set(replay, found);
  }
  return found;
}

/** So many steps, the state of each being the next one's; what else they give comes stacked. undefined: nothing was run, they need it one by one. */
export function repeat(
  replay: Replay,
  steps: number,
  { handles, given, skips, strides }: ManyGiven,
): TensorHandle[] | undefined {
  const { series, advancing } = knownOf(replay);
  if (series === undefined) return undefined;
  const { stage, first, count } = replay;
  const { outs, alone } = series;
  const { results, states } = replay.recording;
  let going = advancing.get(strides);
  if (going === undefined) {
    going = goingOn(replay, outs, strides);
    advancing.set(strides, going);
  }
  const stacked = memoryFor(replay, outs, steps);
  const now = [...given];
  let state = handles.slice(0, states);
  try {
    for (let done = 0; done < steps; ) {
      replay.place(now, (at) => (skips[at] ?? 0) + done * (strides[at] ?? 0));
      for (const [i, { value, spec }] of outs.entries())
        stage.move(value, (stacked[i] as TensorHandle).buffer, done * spec.bytes);
      const together = alone && isInPlace(replay, now) ? steps - done : 1;
      repeatCalls(stage, first, count, together, going);
      done += together;
      const next = results.slice(0, states).map((result) => replay.handle(result));
      for (const tensor of state) tensor.release('consumed');
      state = next;
      for (let i = 0; i < states; i++) now[(replay.given[i] as GivenState).own] = (next[i] as TensorHandle).buffer;
    }
  } catch (error) {
    for (const tensor of [...state, ...stacked]) tensor.dispose();
    throw error;
  }
  return replay.handedOut([...state, ...stacked]);
}

const isInPlace = ({ made, stage }: Replay, given: readonly Buffer[]): boolean =>
  made.every(({ value, takes }) => takes !== undefined && stage.at[value.id] === given[takes]);

/** Runs the calls so many times; behind each run but the last, values go on. */
function repeatCalls(stage: Stage, begin: number, end: number, times: number, { values, operands }: Advancing): void {
  const { calls } = stage;
  for (let i = 0; i < times; i++) {
    if (calls?.repeat?.(begin, end, times - i, operands)) return;
    calls?.run(begin, end);
    if (i + 1 === times) return;
    for (const [value, bytes] of values)
      stage.move(value, stage.at[value.id] as Buffer, (stage.skipped[value.id] as number) + bytes);
  }
}

/** Memory for what so many steps give. */
function memoryFor({ engine }: Replay, outs: readonly Operand[], steps: number): TensorHandle[] {
  const made: TensorHandle[] = [];
  try {
    for (const { spec } of outs) {
      const buffer = engine.device.allocate(steps * spec.bytes);
      buffer.references = 0;
      made.push(engine.looseHandle(buffer, 0, internSpec([steps, ...spec.shape], spec.dtype)));
    }
  } catch (error) {
    for (const tensor of made) tensor.dispose();
    throw error;
  }
  return made;
}

function goingOn({ read, stage }: Replay, outs: readonly Operand[], strides: readonly number[]): Advancing {
  const values = new Map(outs.map(({ value, spec }) => [value, spec.bytes]));
  for (const value of read) {
    const bytes = strides[(value.origin as { readonly given: number }).given] ?? 0;
    if (bytes > 0) values.set(value, bytes);
  }
  const operands = [...values].flatMap(([value, bytes]) =>
    (stage.uses[value.id] as readonly Use[]).map(({ call, operand }) => ({ call, operand, bytes })),
  );
  return { values, operands };
}
