/** Judges the header of a saved model: plain data from a file, until this has seen them. */
import type { Json, Label, Probe, SavedArray, SavedHeader } from '@dendrite/spec';
import { formatError, quote } from '../format-error.ts';
import { longestName } from './longest-name.ts';

type Fields = { readonly [name: string]: Json };

const ADVICE = 'The file is damaged, or was not saved by Dendrite.';

/** The header, if it is one of this version. Fields it does not know are left out. */
export function checkHeader(value: Json, arrays: Readonly<Record<string, SavedArray>>): SavedHeader {
  const header = fields(value, 'header');
  if (header.format !== 'dendrite') throw wrong('header.format', '"dendrite"', header.format);
  if (header.version !== 1) {
    throw formatError(
      `header.version must be 1, got ${show(header.version)}`,
      'A newer Dendrite saved this file: update @dendrite/safetensors and the packages it names.',
    );
  }
  const { task, labels, probe, training } = header;
  if (task !== 'classification' && task !== 'regression')
    throw wrong('header.task', '"classification" or "regression"', task);
  for (const name of ['config', 'preprocessing', 'extra'])
    if (!Object.hasOwn(header, name)) throw wrong(`header.${name}`, 'there', undefined);
  const packages = fields(header.packages, 'header.packages');
  return {
    format: 'dendrite',
    version: 1,
    model: checkMeta(fields(header.model, 'header.model')),
    config: header.config as Json,
    task,
    ...(labels === undefined ? {} : { labels: checkLabels(labels) }),
    preprocessing: header.preprocessing as Json,
    seed: whole(header.seed, 'header.seed'),
    data: text(header.data, 'header.data'),
    packages: Object.fromEntries(
      Object.entries(packages).map(([name, version]) => [name, text(version, `header.packages.${name}`)]),
    ),
    ...(training === undefined ? {} : { training: fields(training, 'header.training') }),
    ...(probe === undefined ? {} : { probe: checkProbe(fields(probe, 'header.probe'), arrays) }),
    extra: header.extra as Json,
  };
}

function checkMeta(model: Fields): SavedHeader['model'] {
  if (model.api !== 1) throw wrong('header.model.api', '1', model.api);
  return {
    name: shortText(model.name, 'header.model.name'),
    version: shortText(model.version, 'header.model.version'),
    api: 1,
  };
}

function checkLabels(labels: Json): Label[] {
  if (!Array.isArray(labels)) throw wrong('header.labels', 'an array', labels);
  const known = new Set<Label>();
  return labels.map((label: Json, i) => {
    if (typeof label !== 'string' && typeof label !== 'number' && typeof label !== 'boolean') {
      throw wrong(`header.labels[${i}]`, 'a text, number or boolean', label);
    }
    if (known.has(label)) throw wrong(`header.labels[${i}]`, 'another label than those before it', label);
    known.add(label);
    return label;
  });
}

function checkProbe(probe: Fields, arrays: Readonly<Record<string, SavedArray>>): Probe {
  const { tolerance } = probe;
  if (typeof tolerance !== 'number' || !(tolerance >= 0))
    throw wrong('header.probe.tolerance', 'a number from 0', tolerance);
  for (const name of ['probe.input', 'probe.output']) {
    if (!Object.hasOwn(arrays, name))
      throw formatError(`a file with a probe must have the array ${quote(name)}, got none`, ADVICE);
  }
  return { tolerance };
}

export function fields(value: Json | undefined, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what, 'an object', value);
  return value as Fields;
}

function text(value: Json | undefined, what: string): string {
  if (typeof value !== 'string') throw wrong(what, 'a text', value);
  return value;
}

function shortText(value: Json | undefined, what: string): string {
  const short = text(value, what);
  if (short.length > longestName) throw wrong(what, `a text of at most ${longestName} characters`, short);
  return short;
}

export function whole(value: Json | undefined, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw wrong(what, 'a whole number from 0', value);
  return value;
}

const wrong = (what: string, rule: string, got: Json | undefined): Error =>
  formatError(`${what} must be ${rule}, got ${show(got)}`, ADVICE);

const show = (value: Json | undefined): string => (value === undefined ? 'nothing' : quote(JSON.stringify(value)));
