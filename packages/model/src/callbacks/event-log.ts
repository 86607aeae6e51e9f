/** A run's history as text: one JSON object a line, written while it runs or at once, and read back for `report`. */
import { type Callback, DendriteError, type ProgressEvent } from '@dendrite/spec';
import { eventFrom, eventJson, unitNames } from '../history/event-json.ts';

export interface EventLogOptions {
  /** Gets each line with its line break, in order; training waits for it. What it throws ends the run. */
  write(line: string): void | Promise<void>;
  /** Which events. Default all. */
  readonly units?: readonly ProgressEvent['unit'][];
}

/**
 * Writes every event as a line of JSON. A run that goes on from a checkpoint goes on in the same file.
 * @throws OPTION  if `units` has something else than 'batch', 'epoch' and 'tree'
 * @example
 * import { eventLog, fromEventLines } from '@dendrite/model';
 * let text = '';
 * const callback = eventLog({ write: (line) => void (text += line), units: ['epoch'] });
 * // await model.fit(data, { callbacks: [callback] });
 * fromEventLines(text); // []
 */
export function eventLog({ write, units = unitNames }: EventLogOptions): Callback {
  const wrong = units.find((unit) => !unitNames.includes(unit));
  if (wrong !== undefined)
    throw new DendriteError(
      'OPTION',
      `eventLog(): units must be among ${unitNames.join(', ')}, got '${String(wrong)}'. Leave them out for all.`,
    );
  return {
    name: 'eventLog',
    on: (event) => (units.includes(event.unit) ? write(lineOf(event)) : undefined),
  };
}

/** A history (`fitted.history`) as such a file. */
export const toEventLines = (events: readonly ProgressEvent[]): string => events.map(lineOf).join('');

/**
 * The events of such a file. A last line that a killed run left unfinished is passed over; of what was told twice, because the run went
 * on from a checkpoint before it, the later holds.
 * @throws FORMAT  for a line that is no event
 */
export function fromEventLines(text: string): readonly ProgressEvent[] {
  const lines = text.split('\n');
  const unfinished = lines.pop();
  const whole = unfinished !== undefined && readEvent(unfinished) !== undefined ? [...lines, unfinished] : lines;
  return toldOnce(
    whole.flatMap((line, i) => {
      if (line.trim() === '') return [];
      const event = readEvent(line);
      if (event === undefined)
        throw new DendriteError(
          'FORMAT',
          `fromEventLines(): each line must be an event of a run, got ${JSON.stringify(line.slice(0, 60))} in line ${i + 1}. The file is damaged, or something else wrote into it.`,
        );
      return [event];
    }),
  );
}

/** Where a unit's count does not grow, the run was set back: all from there on has been told again. */
function toldOnce(events: readonly ProgressEvent[]): readonly ProgressEvent[] {
  const kept: ProgressEvent[] = [];
  const reached: Record<ProgressEvent['unit'], number> = { batch: 0, epoch: 0, tree: 0 };
  for (const event of events) {
    if (event.done <= reached[event.unit]) {
      const from = kept.findIndex(({ unit, done }) => unit === event.unit && done >= event.done);
      kept.length = Math.max(0, from);
      for (const unit of unitNames) reached[unit] = kept.findLast((each) => each.unit === unit)?.done ?? 0;
    }
    kept.push(event);
    reached[event.unit] = event.done;
  }
  return kept;
}

const lineOf = (event: ProgressEvent): string => `${JSON.stringify(eventJson(event))}\n`;

function readEvent(line: string): ProgressEvent | undefined {
  try {
    return eventFrom(JSON.parse(line));
  } catch {
    return undefined;
  }
}
