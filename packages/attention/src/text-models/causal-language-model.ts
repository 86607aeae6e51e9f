/** A language model by causal attention: which token comes next, and texts written token by token. */
import {
  adaptModel,
  learnVocabulary,
  specialCodes,
  type TokenLevel,
  type Vocabulary,
  vocabularyFrom,
  vocabularyJson,
} from '@dendrite/model';
import { type NetCapabilities, type NetCore, type NetFitOptions, netModel, type SampleOptions } from '@dendrite/nn';
import { checkValue, count, oneOf } from '@dendrite/nn/options';
import {
  type ArrayData,
  DendriteError,
  type FitOptions,
  type FitRun,
  type Fitted,
  type HostKey,
  type Json,
  type Model,
  type Runtime,
  type SavedModel,
} from '@dendrite/spec';
import { version } from '../version.ts';
import { type LanguageForm, languageNet } from './language-net.ts';
import { rowHead, textCapabilities } from './row-head.ts';
import { mostTokens, takeTexts } from './texts.ts';
import { sizeJson, type TextNetOptions, takeTextNet } from './transformer-options.ts';
import { surpriseOf, writeCodes } from './write-codes.ts';

export interface CausalLanguageModelOptions extends TextNetOptions {
  /** What a token is. Default `'characters'`. */
  readonly level?: TokenLevel;
  /** Tokens it sees at once. Default 64. */
  readonly length?: number;
  /** Most different tokens; rarer ones are unknown. Default 20,000. */
  readonly vocabulary?: number;
}
/** One long text, or many that begin and end. */
export type LanguageData = { readonly text: string } | { readonly texts: readonly string[] };
export interface WriteOptions extends SampleOptions {
  /** Tokens to write, at most: a model of `texts` may end sooner. Default 200. */
  readonly length?: number;
  /** Default 0. */
  readonly seed?: number;
  /** In place of a seed. */
  readonly key?: HostKey;
}
export interface FittedLanguageModel
  extends Pick<
    Fitted<NetCapabilities>,
    '~dendrite' | 'meta' | 'history' | 'stopped' | 'save' | 'dispose' | 'params' | 'state'
  > {
  /** The prompt, and what the model writes behind it. */
  generate(prompt: string, options?: WriteOptions): Promise<string>;
  /** `e^(mean −ln p)` of the tokens of a text but the first, in pieces of `length`. */
  perplexity(text: string): Promise<number>;
  /** `Σ −log₂ p / characters`: comparable between levels. */
  bitsPerCharacter(text: string): Promise<number>;
}
export type LanguageFitOptions = NetFitOptions &
  Omit<FitOptions, 'validation' | 'classWeight'> & { readonly validation?: LanguageData };
export interface CausalLanguageModel
  extends Pick<Model<NetCapabilities>, '~dendrite' | 'meta' | 'capabilities' | 'config'> {
  fit(data: LanguageData, options?: LanguageFitOptions): Promise<FittedLanguageModel>;
  run(data: LanguageData, options?: LanguageFitOptions): FitRun<FittedLanguageModel>;
  restore(saved: SavedModel, options?: { readonly runtime?: Runtime }): Promise<FittedLanguageModel>;
}

const name = 'attention/causal-language-model';
const owner = 'causalLanguageModel';

/** What is learned before training. */
interface Learned {
  readonly vocabulary: Vocabulary;
  readonly form: LanguageForm;
}

/**
 * Learns which token comes next: causal transformer layers with rotary positions over windows of `length` tokens.
 * @param options.level       `'characters'` (default), `'words'` or `'spaces'`
 * @param options.length      tokens it sees at once, default 64
 * @param options.vocabulary  most different tokens, default 20,000
 * @param options.width       numbers a token is made to, default 64; also `heads` (4), `layers` (2), `dropout` (0.1), and as of
 *   `classifier` `optimizer`, `clip`, `epochs`, `batchSize`
 * @throws OPTION  for an unknown option or a value out of its range. From `fit`: DATA
 * @source Radford et al. (2018); Su et al. (2021) for the positions
 * @example
 * import { causalLanguageModel } from '@dendrite/attention';
 * const model = causalLanguageModel({ width: 16, heads: 2, layers: 1, length: 12, dropout: 0, epochs: 20 });
 * const fitted = await model.fit({ text: 'the cat sat on the mat. '.repeat(20) }, { seed: 1 });
 * (await fitted.generate('the c', { length: 4, temperature: 0 })).length; // 9
 */
export function causalLanguageModel(options: CausalLanguageModelOptions = {}): CausalLanguageModel {
  const { size, net } = takeTextNet(owner, options, {
    level: oneOf('characters', 'words', 'spaces'),
    length: count,
    vocabulary: count,
  });
  const { level = 'characters', length = 64, vocabulary: most = 20_000 } = options;
  const own: { readonly [name: string]: Json } = { ...sizeJson(size), level, length, vocabulary: most };
  return adaptModel<CausalLanguageModel, Learned>({
    meta: { name, version, api: 1 },
    capabilities: textCapabilities,
    config: own,
    inner: ({ vocabulary, form }) =>
      netModel({
        name,
        owner,
        version,
        capabilities: textCapabilities,
        layer: languageNet(form, size) as never,
        options: net,
        config: { ...own, learned: { vocabulary: vocabularyJson(vocabulary), form: { ...form } } },
        fitHead: () => rowHead,
        headFrom: () => rowHead,
        extend: (core) => ({ [inside]: core }),
      }),
    adaptation: {
      learn(given, fit, known) {
        const texts = takeLanguage(given, 'fit()');
        const { validation } = fit as FitOptions;
        if (typeof validation === 'number')
          throw new DendriteError(
            'OPTION',
            `fit(): validation of ${owner}() must be { text } or { texts } of its own, got the share ${validation}. Cut the end of the text off.`,
          );
        const vocabulary = known?.vocabulary ?? learnVocabulary(texts.all, { level, most });
        const rows = windows(vocabulary, texts, length);
        const tokens = rows.data.reduce((total, code) => total + Number(code !== 0), 0) - rows.shape[0];
        if (tokens === 0)
          throw new DendriteError(
            'DATA',
            'fit(): a text must have at least two tokens, one to tell from the other, got 1. Give more of it.',
          );
        const form = known?.form ?? { codes: vocabulary.size, length, meanLength: tokens / rows.shape[0] };
        const held =
          validation === undefined
            ? undefined
            : windows(vocabulary, takeLanguage(validation, 'fit() validation'), length);
        return {
          learned: { vocabulary, form },
          data: withoutTargets(rows),
          options: { ...fit, ...(held && { validation: withoutTargets(held) }) },
        };
      },
      data: ({ vocabulary }, given, where) => withoutTargets(windows(vocabulary, takeLanguage(given, where), length)),
      inputs: ({ vocabulary }, given, where) =>
        windows(vocabulary, { all: takeTexts(given, 'x', where), ends: false }, length),
      read: learnedFrom,
      members: (learned, fitted) => writing((fitted as { readonly [inside]?: NetCore })[inside], learned),
    },
  });
}

/** The trained network behind a fitted model, for its members. */
const inside: unique symbol = Symbol('core');

interface Texts {
  readonly all: readonly string[];
  /** Each of them begins and ends; one long text does not. */
  readonly ends: boolean;
}
/** @throws DATA */
function takeLanguage(given: unknown, where: string): Texts {
  const { text, texts } = (typeof given === 'object' && given !== null ? given : {}) as {
    readonly text?: unknown;
    readonly texts?: unknown;
  };
  if (text === undefined && texts === undefined)
    throw new DendriteError('DATA', `${where}: data must be { text } or { texts }, got neither.`);
  const all = text === undefined ? takeTexts(texts, 'texts', where) : takeTexts([text], 'text', where);
  if (all.every((each) => each === ''))
    throw new DendriteError('DATA', `${where}: there must be at least one token to learn from, got none.`);
  return { all, ends: text === undefined };
}

/** Rows of `length + 1` codes: each begins with the last of the row before, so that every token but the first is once to be told. */
function windows(
  vocabulary: Vocabulary,
  { all, ends }: Texts,
  length: number,
): { readonly data: Int32Array; readonly shape: readonly [number, number] } {
  const rows: number[][] = [];
  for (const text of all) {
    const codes = vocabulary.encode(text);
    const whole = ends ? [specialCodes.begin, ...codes, specialCodes.end] : codes;
    for (let at = 0; at < Math.max(1, whole.length - 1); at += length) rows.push(whole.slice(at, at + length + 1));
  }
  const data = new Int32Array(rows.length * (length + 1));
  for (const [row, codes] of rows.entries()) data.set(codes, row * (length + 1));
  return { data, shape: [rows.length, length + 1] };
}
const withoutTargets = (x: ReturnType<typeof windows>): ArrayData => ({ x, y: new Float32Array(x.shape[0]) });

/** What a fitted model can do with texts. */
function writing(
  core: NetCore | undefined,
  { vocabulary, form }: Learned,
): Partial<Pick<FittedLanguageModel, 'generate' | 'perplexity' | 'bitsPerCharacter'>> {
  if (core === undefined) return {};
  const surprise = async (text: string, where: string): Promise<{ readonly nats: number; readonly tokens: number }> => {
    const [given = ''] = takeTexts([text], 'text', where);
    const codes = vocabulary.encode(given);
    if (codes.length < 2)
      throw new DendriteError('DATA', `${where}: the text must have at least two tokens, got ${codes.length}.`);
    return { nats: await surpriseOf(core, form, codes), tokens: codes.length - 1 };
  };
  return {
    async generate(prompt, { length = 200, seed = 0, key, ...sample } = {}) {
      checkValue('generate', 'length', length, {
        must: 'be a whole number of at least 0',
        holds: (v) => Number.isSafeInteger(v) && Number(v) >= 0,
      });
      const [given = ''] = takeTexts([prompt], 'the prompt', 'generate()');
      const codes = vocabulary.encode(given);
      const written = await writeCodes(core, form, codes, { length, seed, sample, ...(key && { key }) });
      const between = vocabulary.level === 'characters' || given === '' ? '' : ' ';
      return given + between + vocabulary.decode(written);
    },
    async perplexity(text) {
      const { nats, tokens } = await surprise(text, 'perplexity()');
      return Math.exp(nats / tokens);
    },
    async bitsPerCharacter(text) {
      const { nats } = await surprise(text, 'bitsPerCharacter()');
      return nats / Math.LN2 / (Array.from(text).length - 1);
    },
  };
}

/** @throws FORMAT */
function learnedFrom(config: Json): Learned {
  const { learned } = config as { readonly learned?: { readonly [name: string]: Json } };
  const form = (learned?.form ?? {}) as { readonly [name: string]: Json };
  const at = (each: keyof LanguageForm): number => Number(form[each] ?? Number.NaN);
  const read = { codes: at('codes'), length: at('length'), meanLength: at('meanLength') };
  if (
    !(
      Number.isSafeInteger(read.codes) &&
      Number.isSafeInteger(read.length) &&
      read.length <= mostTokens &&
      Object.values(read).every((each) => each > 0)
    )
  )
    throw new DendriteError(
      'FORMAT',
      `restore(): the form of the model must be { codes, length, meanLength }, got ${JSON.stringify(form).slice(0, 120)}. The file is damaged.`,
    );
  return { vocabulary: vocabularyFrom(learned?.vocabulary), form: read };
}
