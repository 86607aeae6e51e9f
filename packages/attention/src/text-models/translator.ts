/** A translator: from one sequence of tokens to another, letters to phonemes or words to words. */

import {
  adaptModel,
  learnVocabulary,
  specialCodes,
  type TokenLevel,
  type Vocabulary,
  vocabularyFrom,
  vocabularyJson,
} from '@dendrite/model';
import { type NetCapabilities, type NetCore, type NetFitOptions, netModel } from '@dendrite/nn';
import { count, oneOf, type Rule } from '@dendrite/nn/options';
import {
  type ArrayData,
  DendriteError,
  type FitOptions,
  type FitRun,
  type Fitted,
  type Json,
  type Metric,
  type Model,
  type Runtime,
  type SavedModel,
} from '@dendrite/spec';
import { version } from '../version.ts';
import { rowHead, textCapabilities } from './row-head.ts';
import {
  codeRows,
  longestText,
  mostTokens,
  type TextData,
  takeTextData,
  takeTexts,
  withoutValidation,
} from './texts.ts';
import { sizeJson, type TextNetOptions, takeTextNet } from './transformer-options.ts';
import { attentionOf, type Codes, translateCodes } from './translate-codes.ts';
import { type PairForm, translatorNet } from './translator-net.ts';

export interface TranslatorOptions extends TextNetOptions {
  /** Tokens of what is read. Default `'words'`. */
  readonly source?: TokenLevel;
  /** Tokens of what is written. Default `'words'`. */
  readonly target?: TokenLevel;
  /** Most tokens of a text on either side; longer ones are cut. Default: the longest to learn from. */
  readonly length?: number;
  /** Most different tokens a side; rarer ones are unknown. Default 20,000. */
  readonly vocabulary?: number;
}
/** `values[i][j]`: how much token i of what was written looked at token j of what was read. `heatMap` of report draws it. */
export interface AttentionMap {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly (readonly number[])[];
}
export type TranslatorFitOptions = NetFitOptions &
  Omit<FitOptions, 'validation' | 'classWeight'> & { readonly validation?: TextData<string> | number };

export interface FittedTranslator
  extends Pick<Fitted<NetCapabilities>, '~dendrite' | 'meta' | 'history' | 'stopped' | 'save' | 'dispose'> {
  /** The translation of each text. */
  predict(x: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<string[]>;
  /** Metrics of texts against texts: `wordErrorRate`, `corpusBleu`, … */
  evaluate<const M extends Readonly<Record<string, Metric>>>(
    data: TextData<string>,
    metrics: M,
  ): Promise<{ readonly [K in keyof M]: number }>;
  /** Where the translation of a text looked, token by token, in the last layer. */
  attention(text: string): Promise<AttentionMap>;
}
export interface Translator extends Pick<Model<NetCapabilities>, '~dendrite' | 'meta' | 'capabilities' | 'config'> {
  fit(data: TextData<string>, options?: TranslatorFitOptions): Promise<FittedTranslator>;
  run(data: TextData<string>, options?: TranslatorFitOptions): FitRun<FittedTranslator>;
  restore(saved: SavedModel, options?: { readonly runtime?: Runtime }): Promise<FittedTranslator>;
}

const name = 'attention/translator';
const owner = 'translator';
const level = oneOf('characters', 'words', 'spaces');
const rules: Readonly<Record<string, Rule>> = { source: level, target: level, length: count, vocabulary: count };

/** What is learned before training. */
interface Learned {
  readonly source: Vocabulary;
  readonly target: Vocabulary;
  readonly form: PairForm;
}

/**
 * Learns to write one text for another: a transformer reads the source, and writes the target token by token, each time looking at
 * what it read and at what it wrote.
 * @param options.source, options.target  `'words'` (default), `'characters'`, or `'spaces'`: whatever spaces part
 * @param options.length      most tokens of a text; default: the longest to learn from
 * @param options.vocabulary  most different tokens a side, default 20,000
 * @param options.width       numbers a token is made to, default 64
 * @param options.heads       default 4
 * @param options.layers      of the encoder and of the decoder, default 2
 * @param options.dropout     default 0.1
 * @param options.optimizer   default `adam()`; also `clip`, `epochs` (10), `batchSize` (32) as of `classifier`
 * @throws OPTION  for an unknown option or a value out of its range. From `fit`: DATA
 * @source Vaswani et al. (2017)
 * @example
 * import { translator } from '@dendrite/attention';
 * const x = ['one two', 'two three', 'three one', 'two one'];
 * const y = ['eins zwei', 'zwei drei', 'drei eins', 'zwei eins'];
 * const model = await translator({ width: 16, heads: 2, layers: 1, dropout: 0, epochs: 120 }).fit({ x, y }, { seed: 1 });
 * await model.predict(['two three']); // ['zwei drei']
 */
export function translator(options: TranslatorOptions = {}): Translator {
  const { size, net } = takeTextNet(owner, options, rules);
  const { source = 'words', target = 'words', length, vocabulary = 20_000 } = options;
  const own: { readonly [name: string]: Json } = { ...sizeJson(size), source, target, vocabulary };
  const config = length === undefined ? own : { ...own, length };
  return adaptModel<Translator, Learned>({
    meta: { name, version, api: 1 },
    capabilities: textCapabilities,
    config,
    inner: ({ source: reads, target: writes, form }) =>
      netModel({
        name,
        owner,
        version,
        capabilities: textCapabilities,
        layer: translatorNet(form, size) as never,
        options: net,
        config: {
          ...config,
          learned: { source: vocabularyJson(reads), target: vocabularyJson(writes), form: { ...form } },
        },
        fitHead: () => rowHead,
        headFrom: () => rowHead,
        extend: (core) => ({ [inside]: core }),
      }),
    adaptation: {
      learn(given, fit, known) {
        const { train, held } = withoutValidation(takeTextData<string>(given, 'fit()'), fit as FitOptions);
        takeTexts(train.y, 'y', 'fit()');
        const learned = known ?? learnPairs(train, source, target, length, vocabulary);
        return {
          learned,
          data: rowsOf(learned, train, 'fit()'),
          options: { ...fit, ...(held && { validation: rowsOf(learned, held, 'fit() validation') }) },
        };
      },
      data: (learned, given, where) => rowsOf(learned, takeTextData<string>(given, where), where),
      inputs: ({ source: reads, form }, given, where) =>
        codeRows(reads, takeTexts(given, 'x', where), form.sourceLength),
      read: learnedFrom,
      members(learned, fitted) {
        const core = (fitted as { readonly [inside]?: NetCore })[inside];
        if (core === undefined) return {};
        const predict: FittedTranslator['predict'] = (x, { signal } = {}) => translateAll(core, learned, x, signal);
        return {
          predict,
          evaluate: async (given: unknown, metrics: Readonly<Record<string, Metric>>) => {
            const { x, y, sampleWeight } = takeTextData<string>(given, 'evaluate()');
            const part = { expected: y, predicted: await predict(x), ...(sampleWeight && { sampleWeight }) };
            return Object.fromEntries(
              Object.entries(metrics).map(([each, metric]) => [each, metric.value(metric.update(metric.init(), part))]),
            );
          },
          attention: (text: string) => mapOf(core, learned, text),
        };
      },
    },
  });
}

/** The trained network behind a fitted model, for its members. */
const inside: unique symbol = Symbol('core');

function learnPairs(
  { x, y }: TextData<string>,
  source: TokenLevel,
  target: TokenLevel,
  length: number | undefined,
  most: number,
): Learned {
  const reads = learnVocabulary(x, { level: source, most });
  const writes = learnVocabulary(y, { level: target, most });
  const cut = (longest: number): number => Math.min(longest, length ?? longest);
  const targetLength = cut(longestText(writes, y)) + 1;
  const tokens = y.reduce((total, text) => total + Math.min(writes.split(text).length + 1, targetLength), 0);
  return {
    source: reads,
    target: writes,
    form: {
      sourceCodes: reads.size,
      targetCodes: writes.size,
      sourceLength: cut(longestText(reads, x)),
      targetLength,
      meanLength: tokens / y.length,
    },
  };
}

/** Rows as `translatorNet` takes them: source, begin, target, end. */
function rowsOf({ source, target, form }: Learned, { x, y, sampleWeight }: TextData<string>, where: string): ArrayData {
  takeTexts(y, 'y', where);
  const { sourceLength, targetLength } = form;
  const width = sourceLength + 1 + targetLength;
  const data = new Int32Array(x.length * width);
  for (const [row, text] of x.entries()) {
    data.set(source.encode(text).slice(0, sourceLength), row * width);
    const written = target.encode(y[row] ?? '').slice(0, targetLength - 1);
    data.set([specialCodes.begin, ...written, specialCodes.end], row * width + sourceLength);
  }
  return {
    x: { data, shape: [x.length, width] },
    y: new Float32Array(x.length),
    ...(sampleWeight && { sampleWeight }),
  };
}

const rowsAtOnce = 256;
async function translateAll(
  core: NetCore,
  { source, target, form }: Learned,
  given: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const texts = takeTexts(given, 'x', 'predict()');
  const found: string[] = [];
  for (let begin = 0; begin < texts.length; begin += rowsAtOnce) {
    if (signal?.aborted)
      throw new DendriteError('ABORTED', `predict(): stopped by its signal after ${begin} rows.`, {
        cause: signal.reason,
      });
    const rows = codeRows(source, texts.slice(begin, begin + rowsAtOnce), form.sourceLength);
    const { data, shape } = await translateCodes(core, form, rows);
    for (let row = 0; row < shape[0]; row++)
      found.push(target.decode(data.subarray(row * shape[1], (row + 1) * shape[1])));
  }
  return found;
}

async function mapOf(core: NetCore, { source, target, form }: Learned, text: string): Promise<AttentionMap> {
  const [given = ''] = takeTexts([text], 'x', 'attention()');
  const columns = source.split(given).slice(0, form.sourceLength);
  const codes = source.encode(given).slice(0, form.sourceLength);
  const row: Codes = { data: Int32Array.from(codes), shape: [1, codes.length] };
  const { data } = await translateCodes(core, form, row);
  const end = data.findIndex((code) => code === specialCodes.end || code === specialCodes.padding);
  const written = Array.from(data).slice(0, end < 0 ? data.length : end);
  const values = await attentionOf(core, codes, written);
  return { rows: written.map((code) => target.decode([code])), columns, values };
}

/** @throws FORMAT */
function learnedFrom(config: Json): Learned {
  const { learned } = config as { readonly learned?: { readonly [name: string]: Json } };
  const form = (learned?.form ?? {}) as { readonly [name: string]: Json };
  const at = (each: string): number => Number(form[each] ?? Number.NaN);
  const whole = ['sourceCodes', 'targetCodes', 'sourceLength', 'targetLength'].every(
    (each) => Number.isSafeInteger(form[each]) && at(each) >= 1 && at(each) <= mostTokens,
  );
  if (!whole || !(at('meanLength') > 0))
    throw new DendriteError(
      'FORMAT',
      `restore(): the form of the model must be { sourceCodes, targetCodes, sourceLength, targetLength, meanLength }, got ${JSON.stringify(form).slice(0, 120)}. The file is damaged.`,
    );
  return {
    source: vocabularyFrom(learned?.source),
    target: vocabularyFrom(learned?.target),
    form: {
      sourceCodes: at('sourceCodes'),
      targetCodes: at('targetCodes'),
      sourceLength: at('sourceLength'),
      targetLength: at('targetLength'),
      meanLength: at('meanLength'),
    },
  };
}
