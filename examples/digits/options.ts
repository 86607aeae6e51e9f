/** The flags of `npm start`. */
import { parseArgs } from 'node:util';
import { DendriteError } from '@dendrite/spec';
import { type BackendName, backendNames } from './plan.ts';

export interface Options {
  /** undefined: the best one that works here. */
  readonly backend?: BackendName;
  /** A folder of four idx files. undefined: MNIST, wherever it lies on this machine. */
  readonly data?: string;
  readonly epochs?: number;
  readonly limit?: number;
  readonly seed: number;
  readonly randomLabels: boolean;
  /** Where the model and the report go. */
  readonly out: string;
  readonly help: boolean;
}

export const help: string = `npm start -- [flags]      trains LeNet-5 on handwritten digits

  --backend NAME    ${backendNames.join(' | ')}; default: the best that works here,
                    never a software adapter unless you ask for it
  --data FOLDER     a folder of four idx files in MNIST's names, gzipped or not; default: MNIST on this machine
  --epochs N        passes over the training images; default: by the backend
  --limit N         use so many training images, each class in its share; default: by the backend
  --seed S          decides initial weights, shuffles and splits; default 7
  --random-labels   give the training images random labels: what is learned then is memory, not digits
                    (try --limit 500 --epochs 200)
  --out FOLDER      where report.html and digits.safetensors go; default out
  --help            this text`;

const flags = {
  backend: { type: 'string' },
  data: { type: 'string' },
  epochs: { type: 'string' },
  limit: { type: 'string' },
  seed: { type: 'string' },
  'random-labels': { type: 'boolean' },
  out: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** @throws OPTION  for a flag or value that is not one; the message says which there are. */
export function parseOptions(args: readonly string[]): Options {
  // Tokens first: parseArgs' own errors are for programmers.
  for (const token of parseArgs({ args: [...args], options: flags, strict: false, tokens: true }).tokens) {
    if (token.kind === 'positional') throw wrong(`arguments must be flags, got '${token.value}'. ${seeHelp}`);
    if (token.kind === 'option' && !Object.hasOwn(flags, token.name)) {
      throw wrong(`a flag must be one of ${list(Object.keys(flags))}, got ${token.rawName}. ${nearest(token.name)}`);
    }
  }
  const values = parse(args);
  const backend = backendNames.find((name) => name === values.backend);
  if (values.backend !== undefined && backend === undefined) {
    throw wrong(
      `--backend must be one of ${backendNames.join(', ')}, got '${values.backend}'. Leave it out for the best.`,
    );
  }
  const epochs = count('--epochs', values.epochs, 1);
  const limit = count('--limit', values.limit, 20);
  return {
    ...(backend && { backend }),
    ...(values.data !== undefined && { data: values.data }),
    ...(epochs !== undefined && { epochs }),
    ...(limit !== undefined && { limit }),
    seed: count('--seed', values.seed, 0) ?? 7,
    randomLabels: values['random-labels'] ?? false,
    out: values.out ?? 'out',
    help: values.help ?? false,
  };
}

type Values = { readonly [K in keyof typeof flags]?: (typeof flags)[K]['type'] extends 'boolean' ? boolean : string };

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: flags }).values;
  } catch (error) {
    const text = error instanceof Error ? error.message.split('.')[0] : String(error);
    throw wrong(`every flag but --help and --random-labels takes one value: ${text}. ${seeHelp}`);
  }
}

function count(flag: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value < 2 ** 31) return value;
  throw wrong(`${flag} must be a whole number of at least ${least}, got '${text}'.`);
}

function nearest(name: string): string {
  const other = Object.keys(flags).find((flag) => flag.startsWith(name.slice(0, 3)));
  return other === undefined ? seeHelp : `Did you mean --${other}?`;
}

const seeHelp = '`npm start -- --help` explains them.';
const list = (names: readonly string[]): string => names.map((name) => `--${name}`).join(', ');
const wrong = (text: string): DendriteError => new DendriteError('OPTION', `npm start: ${text}`);
