/** Classifiers of texts: `textClassifier`, where all tokens look at each other, and `documentClassifier`, which reads by levels. */
import {
  adaptModel,
  codesOf,
  labelCodes,
  learnVocabulary,
  type TokenLevel,
  type Vocabulary,
  vocabularyFrom,
  vocabularyJson,
} from '@dendrite/model';
import {
  type ClassifierCapabilities,
  classifierCapabilities,
  type NetCore,
  type NetFitOptions,
  netModel,
  softmaxCrossEntropyHead,
} from '@dendrite/nn';
import { count, oneOf, type Rule } from '@dendrite/nn/options';
import {
  type ArrayData,
  DendriteError,
  type FitOptions,
  type FitRun,
  type Fitted,
  type Json,
  type Label,
  type Metric,
  type Model,
  type Probabilities,
  type Runtime,
  type SavedModel,
} from '@dendrite/spec';
import { version } from '../version.ts';
import { type Judged, type TextForm, textNet } from './text-net.ts';
import {
  codeRows,
  longestText,
  mostTokens,
  type TextData,
  takeTextData,
  takeTexts,
  withoutValidation,
} from './texts.ts';
import { type Size, sizeJson, type TextNetOptions, takeTextNet } from './transformer-options.ts';

export interface TextClassifierOptions extends TextNetOptions {
  /** What a token is. Default `'words'`. */
  readonly level?: TokenLevel;
  /** Most tokens of a text; longer ones are cut. Default: the longest to learn from. */
  readonly length?: number;
  /** Most different tokens; rarer ones are unknown. Default 20,000. */
  readonly vocabulary?: number;
}
export interface DocumentClassifierOptions extends Omit<TextClassifierOptions, 'layers'> {
  /** Tokens a sentence, sentences a paragraph, …; the last level takes what is left. Default `[32, 32]`. */
  readonly levels?: readonly number[];
}
/** How much a token counted, in the order of the text. */
export interface TokenWeight {
  readonly token: string;
  readonly weight: number;
}
export interface FittedTextClassifier<T extends Label = Label>
  extends Omit<Fitted<ClassifierCapabilities, T>, 'predict' | 'predictProbabilities' | 'evaluate'> {
  predict(x: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<T[]>;
  predictProbabilities(x: readonly string[]): Promise<Probabilities>;
  evaluate<const M extends Readonly<Record<string, Metric>>>(
    data: TextData,
    metrics: M,
  ): Promise<{ readonly [K in keyof M]: number }>;
  /** How much each token of a text counted for its label; by levels, within its group. */
  attention(text: string): Promise<TokenWeight[]>;
}
export type TextFitOptions = NetFitOptions &
  Omit<FitOptions, 'validation'> & { readonly validation?: TextData | number };
export interface TextClassifier
  extends Pick<Model<ClassifierCapabilities>, '~dendrite' | 'meta' | 'capabilities' | 'config'> {
  fit<const T extends Label>(data: TextData<T>, options?: TextFitOptions): Promise<FittedTextClassifier<T>>;
  run<const T extends Label>(data: TextData<T>, options?: TextFitOptions): FitRun<FittedTextClassifier<T>>;
  restore<const T extends Label = string>(
    saved: SavedModel,
    options?: { readonly runtime?: Runtime; readonly labels?: readonly T[] },
  ): Promise<FittedTextClassifier<T>>;
}

const rules: Readonly<Record<string, Rule>> = {
  level: oneOf('characters', 'words', 'spaces'),
  length: count,
  vocabulary: count,
};

/**
 * Learns a label for each text: a transformer's encoder reads it, attention pools it, softmax gives probabilities.
 * Every token looks at every other: for texts of up to some hundred tokens. Longer ones are for `documentClassifier`.
 * @param options.level       `'words'` (default), `'characters'` or `'spaces'`
 * @param options.length      most tokens of a text; default: the longest to learn from
 * @param options.vocabulary  most different tokens, default 20,000
 * @param options.width       numbers a token is made to, default 64; also `heads` (4), `layers` (2), `dropout` (0.1), and as of
 *   `classifier` `optimizer`, `clip`, `epochs`, `batchSize`
 * @throws OPTION  for an unknown option or a value out of its range. From `fit`: DATA
 * @source Vaswani et al. (2017); Yang et al. (2016) for the pooling
 * @example
 * import { textClassifier } from '@dendrite/attention';
 * const x = ['a fine film', 'dull and long', 'fine acting', 'a dull story', 'really fine', 'so dull'];
 * const y = ['good', 'bad', 'good', 'bad', 'good', 'bad'];
 * const model = textClassifier({ width: 16, heads: 2, layers: 1, dropout: 0, epochs: 30 });
 * const fitted = await model.fit({ x, y }, { seed: 1 });
 * await fitted.predict(['fine story', 'dull acting']); // ['good', 'bad']
 */
export function textClassifier(options: TextClassifierOptions = {}): TextClassifier {
  const { size, net } = takeTextNet('textClassifier', options, rules);
  return classifierOf('attention/text-classifier', 'textClassifier', options, size, net, undefined);
}

/**
 * Learns a label for each document, of tens of thousands of tokens if need be: words look at the words of their sentence, sentences at
 * those of their paragraph, and so on (see `hierarchicalAttention`).
 * @param options.levels  tokens a sentence, sentences a paragraph, …; default `[32, 32]`
 * @param options  else as of `textClassifier`, without `layers`
 * @throws OPTION  for an unknown option or a value out of its range. From `fit`: DATA
 * @source Yang et al. (2016), Hierarchical attention networks for document classification
 * @example
 * import { documentClassifier } from '@dendrite/attention';
 * const model = documentClassifier({ levels: [25, 20], width: 32, epochs: 5 });
 */
export function documentClassifier(options: DocumentClassifierOptions = {}): TextClassifier {
  const { levels = [32, 32], ...rest } = options;
  const { size, net } = takeTextNet('documentClassifier', rest, rules);
  if (!Array.isArray(levels) || levels.length === 0 || !levels.every((each) => Number.isSafeInteger(each) && each > 0))
    throw new DendriteError(
      'OPTION',
      `documentClassifier(): levels must be whole numbers of at least 1, such as [32, 32], got ${JSON.stringify(levels)}.`,
    );
  return classifierOf('attention/document-classifier', 'documentClassifier', rest, size, net, levels);
}

/** What is learned before training. */
interface Learned {
  readonly vocabulary: Vocabulary;
  readonly labels: readonly Label[];
  readonly length: number;
}

function classifierOf(
  name: `${string}/${string}`,
  owner: string,
  { level = 'words', length, vocabulary: most = 20_000 }: TextClassifierOptions,
  size: Size,
  net: Parameters<typeof netModel>[0]['options'],
  levels: readonly number[] | undefined,
): TextClassifier {
  const own: { readonly [name: string]: Json } = {
    ...sizeJson(size),
    level,
    vocabulary: most,
    ...(length !== undefined && { length }),
    ...(levels && { levels: [...levels] }),
  };
  const formOf = ({ vocabulary, labels, length: tokens }: Learned): TextForm => ({
    codes: vocabulary.size,
    length: tokens,
    labels: labels.length,
    ...(levels && { levels }),
  });
  const rowsOf = ({ vocabulary, length: tokens }: Learned, { x, y, sampleWeight }: TextData): ArrayData => ({
    x: codeRows(vocabulary, x, tokens),
    y,
    ...(sampleWeight && { sampleWeight }),
  });
  return adaptModel<TextClassifier, Learned>({
    meta: { name, version, api: 1 },
    capabilities: classifierCapabilities,
    config: own,
    inner: (learned) =>
      netModel({
        name,
        owner,
        version,
        capabilities: classifierCapabilities,
        layer: textNet(formOf(learned), size) as never,
        options: net,
        config: {
          ...own,
          learned: {
            vocabulary: vocabularyJson(learned.vocabulary),
            labels: [...learned.labels],
            length: learned.length,
          },
        },
        fitHead: (labels, _targets, output) => softmaxCrossEntropyHead(labels, output),
        headFrom: (labels, _json, output) => softmaxCrossEntropyHead(labels, output),
        extend: (core) => ({ [inside]: core }),
      }),
    adaptation: {
      learn(given, fit, known) {
        const all = takeTextData(given, 'fit()');
        const { labels } = labelCodes(all.y, 'fit()');
        const { train, held } = withoutValidation(all, fit as FitOptions, codesOf(all.y, labels, 'fit()'));
        const learned = known ?? learnTexts(train, labels, level, length, most);
        return {
          learned,
          data: rowsOf(learned, train),
          options: { ...fit, ...(held && { validation: rowsOf(learned, held) }) },
        };
      },
      data: (learned, given, where) => rowsOf(learned, takeTextData(given, where)),
      inputs: (learned, given, where) => codeRows(learned.vocabulary, takeTexts(given, 'x', where), learned.length),
      read: learnedFrom,
      members(learned, fitted) {
        const core = (fitted as { readonly [inside]?: NetCore })[inside];
        return core === undefined ? {} : { attention: (text: string) => weightsOf(core, learned, text) };
      },
    },
  });
}

/** The trained network behind a fitted model, for its members. */
const inside: unique symbol = Symbol('core');

function learnTexts(
  { x }: TextData,
  labels: readonly Label[],
  level: TokenLevel,
  length: number | undefined,
  most: number,
): Learned {
  const vocabulary = learnVocabulary(x, { level, most });
  const longest = longestText(vocabulary, x);
  return { vocabulary, labels, length: Math.min(longest, length ?? longest) };
}

async function weightsOf(core: NetCore, { vocabulary, length }: Learned, text: string): Promise<TokenWeight[]> {
  const [given = ''] = takeTexts([text], 'x', 'attention()');
  const { runtime, layer, params, state } = core;
  await runtime.load();
  const weights = runtime.untracked(() =>
    runtime.scope(() => {
      const { data, shape } = codeRows(vocabulary, [given], length);
      const asked = { codes: runtime.tensor(data, shape) };
      return (layer.apply({ params, state }, asked, { training: false, key: runtime.key(0) })[0] as Judged).weights;
    }),
  );
  const found = await weights.data();
  weights.dispose();
  const tokens = vocabulary.split(given).slice(0, length);
  return tokens.map((token, i) => ({ token, weight: found[i] ?? 0 }));
}

/** @throws FORMAT */
function learnedFrom(config: Json): Learned {
  const { learned } = config as { readonly learned?: { readonly [name: string]: Json } };
  const { vocabulary, labels, length } = learned ?? {};
  if (!Array.isArray(labels) || !Number.isSafeInteger(length) || Number(length) < 1 || Number(length) > mostTokens)
    throw new DendriteError(
      'FORMAT',
      `restore(): the config must say labels and length of what was learned, got ${JSON.stringify(learned)?.slice(0, 120)}. The file is damaged.`,
    );
  return { vocabulary: vocabularyFrom(vocabulary), labels: labels as readonly Label[], length: Number(length) };
}
