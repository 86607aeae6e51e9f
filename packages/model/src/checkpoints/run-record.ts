/** What a checkpoint says of its run besides the model: what it was started with, and what it has told and decided so far. */
import { DendriteError, type Json, type ProgressEvent } from '@dendrite/spec';
import { eventFrom, eventJson, numberFrom, numberJson } from '../history/event-json.ts';
import type { Best } from './keeper.ts';

type Fields = { readonly [name: string]: Json };

export interface RunRecord {
  /** What decides the result and is not in the header: own options, validation, weights, callbacks, backend, what it began with. */
  readonly terms: Fields;
  /** Epochs and trees. */
  readonly history: readonly ProgressEvent[];
  /** Of training, in all processes. */
  readonly seconds: number;
  /** Why a callback ended the run. */
  readonly stopped?: string;
  /** Of the model that was remembered: its `extra`; its arrays are `remembered.*`. */
  readonly remembered?: { readonly extra: Json };
  readonly best?: Best;
}

export function recordJson({ terms, history, seconds, stopped, remembered, best }: RunRecord): Json {
  return {
    terms,
    history: history.map(eventJson),
    seconds,
    ...(stopped !== undefined && { stopped }),
    ...(remembered && { remembered }),
    ...(best && { best: { ...best, value: numberJson(best.value) } }),
  };
}

/** @throws FORMAT  for what is no record */
export function recordFrom(json: Json, where: string): RunRecord {
  const damaged = (what: string, got: Json | undefined): DendriteError =>
    new DendriteError(
      'FORMAT',
      `${where}: the checkpoint's run must have ${what}, got ${JSON.stringify(got)?.slice(0, 60) ?? 'nothing'}. The file is damaged.`,
    );
  const fields = (value: Json | undefined, what: string): Fields => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(what, value);
    return value as Fields;
  };
  const { terms, history, seconds, stopped, remembered, best } = fields(json, 'named parts');
  if (!Array.isArray(history)) throw damaged('a history', history);
  if (typeof seconds !== 'number' || !(seconds >= 0)) throw damaged('seconds from 0', seconds);
  if (stopped !== undefined && typeof stopped !== 'string') throw damaged('a text as its end', stopped);
  return {
    terms: fields(terms, 'terms'),
    history: history.map((each: Json) => {
      const event = eventFrom(each);
      if (event === undefined) throw damaged('events in its history', each);
      return event;
    }),
    seconds,
    ...(stopped !== undefined && { stopped }),
    ...(remembered !== undefined && {
      remembered: { extra: fields(remembered, 'a model that was remembered').extra ?? null },
    }),
    ...(best !== undefined && { best: bestFrom(fields(best, 'a best checkpoint'), damaged) }),
  };
}

function bestFrom(
  { epoch, step, value: given }: Fields,
  damaged: (what: string, got: Json | undefined) => DendriteError,
): Best {
  const value = numberFrom(given);
  if (typeof epoch !== 'number' || typeof step !== 'number' || value === undefined)
    throw damaged('a best checkpoint with epoch, step and value', given);
  return { epoch, step, value };
}
