/** A run's history as one file of JSON: which model, what was told after each epoch or tree, why it ended. */
import { DendriteError, type FittedBase, type ProgressEvent } from '@dendrite/spec';
import { eventFrom, eventJson } from './event-json.ts';

export interface RunHistory {
  readonly model: { readonly name: string; readonly version: string };
  readonly history: readonly ProgressEvent[];
  readonly stopped?: string;
}
const format = 'dendrite history';

/**
 * The text of the file. Every fitted model has what it asks for.
 * @example
 * import { fromHistoryFile, toHistoryFile } from '@dendrite/model';
 * const text = toHistoryFile({ meta: { name: 'acme/net', version: '1.0.0', api: 1 }, history: [] });
 * fromHistoryFile(text).model.name; // 'acme/net'
 */
export function toHistoryFile({
  meta: { name, version },
  history,
  stopped,
}: Pick<FittedBase<never, never>, 'meta' | 'history' | 'stopped'>): string {
  const head = { format, version: 1, model: { name, version }, ...(stopped !== undefined && { stopped }) };
  // An event a line, for people and for version control.
  const lines = history.map((event) => JSON.stringify(eventJson(event)));
  return `${JSON.stringify(head).slice(0, -1)},"events":[\n${lines.join(',\n')}\n]}\n`;
}

/**
 * What `toHistoryFile` wrote; `learningCurves` of `@dendrite/report` draws its `history`.
 * @throws FORMAT  for a text that is no history
 */
export function fromHistoryFile(text: string): RunHistory {
  const damaged = (what: string, got: unknown): DendriteError =>
    new DendriteError(
      'FORMAT',
      `fromHistoryFile(): a history must have ${what}, got ${JSON.stringify(got)?.slice(0, 60) ?? 'nothing'}. The file is damaged, or of another kind.`,
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged('JSON', text.slice(0, 40));
  }
  if (typeof json !== 'object' || json === null) throw damaged('named parts', json);
  const { format: kind, version, model, events, stopped } = json as Readonly<Record<string, unknown>>;
  if (kind !== format || version !== 1) throw damaged(`format '${format}' and version 1`, [kind, version]);
  const { name, version: own } = (model ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || typeof own !== 'string') throw damaged('a model with name and version', model);
  if (!Array.isArray(events)) throw damaged('events', events);
  if (stopped !== undefined && typeof stopped !== 'string') throw damaged('a text as its end', stopped);
  const history = events.map((each: unknown) => {
    const event = eventFrom(each);
    if (event === undefined) throw damaged('events of a run only', each);
    return event;
  });
  return { model: { name, version: own }, history, ...(stopped !== undefined && { stopped }) };
}
