/** A language model of characters. */
import { adaptModel } from '@dendrite/model';
import {
  type ClassifierCapabilities,
  classifierCapabilities,
  dense,
  embedding,
  type NetCore,
  type NetFitOptions,
  type NetOptions,
  netModel,
  sampleToken,
  sequential,
} from '@dendrite/nn';
import { hostKey, uniforms } from '@dendrite/random';
import {
  type Data,
  DendriteError,
  type FitOptions,
  type Fitted,
  type HostKey,
  type Json,
  type Model,
  type Runtime,
  type SavedModel,
} from '@dendrite/spec';
import { checkValue, count } from '../option/check-options.ts';
import { cutSource } from '../sequence-models/cut-source.ts';
import { type Body, type BodyOptions, bodyJson, bodyLayer, takeBody } from '../sequence-models/net-body.ts';
import { fieldsOf } from '../sequence-models/sequence-form.ts';
import { nothing, tokenHead } from '../sequence-models/token-head.ts';
import { version } from '../version.ts';
import { type CharacterData, type Prompts, parted, takeCharacters, takePrompts } from './character-data.ts';
import { charactersOf, checkText, encodeText } from './characters.ts';
import { type LanguageLayers, Reader } from './reader.ts';
import { planStreams, promptCodes, type StreamPlan, streamSource } from './streams.ts';

export interface CharacterLanguageModelOptions extends BodyOptions {
  /** Characters that a gradient goes back through; the state goes further. Default 64. */
  readonly steps?: number;
  /** Length of a character's vector. Default 32. */
  readonly embedding?: number;
}
export interface GenerateOptions {
  /** Characters to write. Default 200. */
  readonly length?: number;
  /** Above 1 bolder, below 1 more careful, 0: always the likeliest. Default 1. */
  readonly temperature?: number;
  /** Default 0. */
  readonly seed?: number;
  /** In place of a seed. */
  readonly key?: HostKey;
}
export interface FittedCharacterLanguageModel
  extends Omit<Fitted<ClassifierCapabilities, string>, 'predict' | 'predictProbabilities' | 'evaluate'> {
  /** The likeliest next character of each prompt. */
  predict(prompts: readonly string[]): Promise<string[]>;
  predictProbabilities(
    prompts: readonly string[],
  ): ReturnType<Fitted<ClassifierCapabilities, string>['predictProbabilities']>;
  /** On prompts and what comes next; for texts see `bitsPerCharacter`. */
  evaluate: Fitted<ClassifierCapabilities, string>['evaluate'];
  /** The prompt, and what the model writes behind it. */
  generate(prompt: string, options?: GenerateOptions): Promise<string>;
  /** Mean of −log₂ of the probability of each character but the first, read in one go. */
  bitsPerCharacter(text: string): Promise<number>;
}
type CharacterFitOptions = NetFitOptions &
  Omit<FitOptions, 'validation'> & { readonly validation?: CharacterData | number };
export interface CharacterLanguageModel
  extends Omit<Model<ClassifierCapabilities, NetFitOptions>, 'fit' | 'run' | 'restore'> {
  fit(data: CharacterData, options?: CharacterFitOptions): Promise<FittedCharacterLanguageModel>;
  run(
    data: CharacterData,
    options?: CharacterFitOptions,
  ): Omit<ReturnType<Model['run']>, 'result'> & { readonly result: Promise<FittedCharacterLanguageModel> };
  restore(saved: SavedModel, options?: { readonly runtime?: Runtime }): Promise<FittedCharacterLanguageModel>;
}

/** What is learned before training. */
interface Learned extends StreamPlan {
  readonly characters: readonly string[];
  /** A text: the state of its streams goes on from batch to batch. */
  readonly carried: boolean;
}
const name = 'rnn-lstm/character-language-model';

/**
 * Learns which character comes next: embedding, recurrent body, softmax. A text is read as `batchSize` parallel streams in pieces of
 * `steps`; the state goes on from piece to piece, and no gradient does (truncated backpropagation). Its characters are the model's
 * labels and stand in its file. A share as `validation` is the end of the text.
 * @param options.steps      characters that a gradient goes back through, default 64
 * @param options.embedding  length of a character's vector, default 32
 * @param options.cell       `'lstm'` (default), `'gru'` or `'simpleRnn'`; also `units` (32), `layers`, `dropout`, and as of
 *   `classifier` `optimizer`, `clip`, `epochs`, `batchSize` (the number of streams)
 * @throws OPTION  for an unknown option or a value out of its range. From `fit`: DATA
 * @source Mikolov et al. (2010), Recurrent neural network based language model; Graves (2013); Williams and Peng (1990)
 * @example
 * import { characterLanguageModel } from '@dendrite/rnn-lstm';
 * const model = characterLanguageModel({ units: 16, steps: 8, epochs: 2, batchSize: 4 });
 * const fitted = await model.fit({ text: 'the cat sat on the mat. '.repeat(20) });
 * (await fitted.generate('the ', { length: 10, temperature: 0.5, seed: 1 })).length; // 14
 */
export function characterLanguageModel(options: CharacterLanguageModelOptions = {}): CharacterLanguageModel {
  const { body, net } = takeBody('characterLanguageModel', options, { steps: count, embedding: count });
  const { steps = 64, embedding: size = 32, batchSize = 32 } = options;
  const own = { ...bodyJson(body), steps, embedding: size };
  return adaptModel<CharacterLanguageModel, Learned, NetFitOptions>({
    meta: { name, version, api: 1 },
    capabilities: classifierCapabilities,
    config: own,
    inner: (learned) => innerModel(body, size, net, own, learned),
    adaptation: {
      learn(data, fit, known) {
        const given = takeCharacters(data, 'fit()');
        const { train, held } = parted(given, fit);
        const streams = fit.batchSize ?? batchSize;
        const learned: Learned = known ?? {
          characters: charactersOf(typeof train === 'string' ? train : train.x.join('') + train.y.join('')),
          carried: typeof train === 'string',
          ...(typeof train === 'string'
            ? planStreams(Array.from(train).length, { streams, steps })
            : { streams, steps: Math.min(steps, Math.max(1, ...train.x.map((prompt) => Array.from(prompt).length))) }),
        };
        const rest =
          held ?? (fit.validation === undefined ? undefined : takeCharacters(fit.validation, 'fit() validation'));
        return {
          learned,
          data: toData(train, learned),
          options: {
            ...fit,
            ...(learned.carried && { batchSize: learned.streams }),
            ...(rest !== undefined && { validation: toData(rest, learned) }),
          },
        };
      },
      data(learned, data, where) {
        const given = takeCharacters(data, where);
        if (typeof given !== 'string') return toData(given, learned);
        throw new DendriteError(
          'DATA',
          `${where}: metrics are for { x: prompts, y: next characters }, got a text. Ask for bitsPerCharacter(text).`,
        );
      },
      inputs(learned, inputs, where) {
        const prompts = takePrompts(inputs, where);
        const codes = prompts.map((prompt) => encodeText(prompt, learned.characters));
        return { data: promptCodes(codes, learned.steps), shape: [prompts.length, learned.steps] };
      },
      read: learnedFrom,
    },
  });
}

function innerModel(
  body: Body,
  size: number,
  net: NetOptions,
  own: { readonly [name: string]: Json },
  { characters, carried, streams, steps }: Learned,
): object {
  const layers: LanguageLayers = {
    embedding: embedding(characters.length, size),
    body: bodyLayer(body, carried ? { carry: streams } : {}),
    head: dense(characters.length),
  };
  return netModel({
    name,
    owner: 'characterLanguageModel',
    version,
    capabilities: classifierCapabilities,
    layer: sequential(layers.embedding, layers.body, layers.head),
    options: net,
    config: { ...own, learned: { characters: characters.join(''), carried, streams, steps } },
    fitHead: (labels, _targets, output) => tokenHead('characterLanguageModel', labels, output, 'last'),
    headFrom: (labels, _json, output) => tokenHead('characterLanguageModel', labels, output, 'last'),
    extend: (core) => writing(core, layers, characters),
  });
}

/** What a fitted model can do besides. */
function writing(
  core: NetCore,
  layers: LanguageLayers,
  characters: readonly string[],
): Pick<FittedCharacterLanguageModel, 'generate' | 'bitsPerCharacter'> {
  const reader = async <T>(f: (reader: Reader) => Promise<T>): Promise<T> => {
    await core.runtime.load();
    const made = new Reader(layers, core.params, core.runtime);
    try {
      return await f(made);
    } finally {
      made.dispose();
    }
  };
  const classes = characters.length;
  return {
    generate(prompt, { length = 200, temperature = 1, seed = 0, key = hostKey(seed) } = {}) {
      checkValue('generate', 'length', length, {
        must: 'be a whole number of at least 0',
        holds: (v) => Number.isSafeInteger(v) && Number(v) >= 0,
      });
      checkValue('generate', 'temperature', temperature, {
        must: 'be a finite number of at least 0',
        holds: (v) => Number.isFinite(v) && Number(v) >= 0,
      });
      const begun = encodeText(checkText(prompt, 1, 'generate()'), characters);
      const draws = uniforms(key, length);
      return reader(async (each) => {
        const written: string[] = [];
        for (let i = 0, next = begun; i < length; i++) {
          const logs = await each.read(next);
          const last = logs.slice(-classes);
          // What stands for unknown characters is not written.
          last[0] = Number.NEGATIVE_INFINITY;
          const code = sampleToken(last, draws[i] ?? 0, { temperature });
          written.push(characters[code] ?? '');
          next = Int32Array.of(code);
        }
        return prompt + written.join('');
      });
    },
    bitsPerCharacter(text) {
      const codes = encodeText(checkText(text, 2, 'bitsPerCharacter()'), characters);
      return reader(async (each) => {
        let sum = 0;
        for (let from = 0; from < codes.length - 1; from += readAtOnce) {
          const piece = codes.subarray(from, Math.min(codes.length - 1, from + readAtOnce));
          const logs = await each.read(piece);
          for (let i = 0; i < piece.length; i++) sum -= logs[i * classes + (codes[from + i + 1] ?? 0)] ?? Number.NaN;
        }
        return sum / Math.LN2 / (codes.length - 1);
      });
    },
  };
}
const readAtOnce = 256;

function toData(given: string | Prompts, { characters, streams, steps }: Learned): Data {
  if (typeof given === 'string') {
    const codes = encodeText(given, characters);
    // A short text that validates fills fewer streams, or shorter ones: it is not carried on.
    return streamSource(codes, characters, {
      steps,
      streams: Math.max(1, Math.min(streams, Math.floor((codes.length - 1) / steps))),
    });
  }
  const { x, y, sampleWeight } = given;
  const prompts = promptCodes(
    x.map((prompt) => encodeText(prompt, characters)),
    steps,
  );
  const standing = Int32Array.from(y, (next) => encodeText(next, characters)[0] ?? 0);
  const data = new Int32Array(x.length * 2 * steps).fill(nothing);
  for (let row = 0; row < x.length; row++) {
    data.set(prompts.subarray(row * steps, (row + 1) * steps), row * 2 * steps);
    data[(row + 1) * 2 * steps - 1] = standing[row] ?? 0;
  }
  return cutSource({
    data,
    rows: x.length,
    example: [steps],
    targets: steps,
    standing,
    labels: characters,
    ...(sampleWeight && { sampleWeight }),
  });
}

/** @throws FORMAT */
function learnedFrom(config: Json): Learned {
  const { characters, carried, streams, steps } = fieldsOf(fieldsOf(config).learned);
  if (typeof characters === 'string' && characters !== '' && typeof streams === 'number' && typeof steps === 'number')
    return { characters: Array.from(characters), carried: carried === true, streams, steps };
  throw new DendriteError(
    'FORMAT',
    'restore(): the config must hold what was learned of the text, { characters, carried, streams, steps }, got none. The file is damaged.',
  );
}
