/** The real files that are damaged, and who reads each. A reader gets at most `maxBytes` of unpacked data. */
import { gzipSync } from 'node:zlib';
import { toOnnx as textToOnnx, translatorToOnnx } from '@dendrite/attention/onnx';
import { gunzip, readIdx, readNpy } from '@dendrite/datasets';
import { readCsv } from '@dendrite/datasets/csv';
import { fromBytes, isCheckpoint, load, toBytes } from '@dendrite/model';
import { toOnnx as netToOnnx } from '@dendrite/nn/onnx';
import { toOnnx } from '@dendrite/random-forest/onnx';
import { loadForest } from '@dendrite/random-forest/predict';
import { toJavaScript } from '@dendrite/random-forest/to-javascript';
import { toOnnx as sequenceToOnnx } from '@dendrite/rnn-lstm/onnx';
import { readSafetensors } from '@dendrite/safetensors';
import type { Runtime, SavedModel } from '@dendrite/spec';
import { smallModels, tables } from '../saved-files/small-models.ts';
import type { Dice } from './dice.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateHeader } from './mutate-header.ts';

/** What a file may unpack to, and a model take, in these runs: the constant of "the file's size plus a constant". */
export const maxBytes: number = 2 ** 22;

export interface Subject {
  readonly name: string;
  readonly file: Uint8Array;
  /** Cases it gets beside the others'. */
  readonly share: number;
  mutate(file: Uint8Array, dice: Dice): Uint8Array;
  /** Reads and uses what was read. Throws a DendriteError, or nothing. */
  read(file: Uint8Array): Promise<void>;
}

type Read = (file: Uint8Array) => Promise<unknown>;

/** A format twice: as it is, and gzipped (damaged within, without, or turned into a bomb). */
function formats(name: string, file: Uint8Array, read: Read): Subject[] {
  const plain = {
    name,
    file,
    share: 12,
    mutate: mutateBytes,
    read: async (bytes: Uint8Array) => void (await read(bytes)),
  };
  return [plain, { ...plain, name: `${name}.gz`, file: gzipSync(file), share: 3, mutate: zipped(file) }];
}

function zipped(inner: Uint8Array): Subject['mutate'] {
  return (file, dice) => {
    switch (dice.below(4)) {
      case 0:
        return mutateBytes(file, dice);
      case 1:
        return file.slice(0, dice.below(file.length));
      case 2:
        // A bomb: what is announced, and then zeros without end.
        return gzipSync(Buffer.concat([inner, Buffer.alloc(2 ** 20 * (1 + dice.below(8)))]), { level: 1 });
      default:
        return gzipSync(mutateBytes(inner, dice), { level: 1 });
    }
  };
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const idx = (type: number, lengths: readonly number[], data: readonly number[]): Uint8Array =>
  Uint8Array.from([0, 0, type, lengths.length, ...lengths.flatMap((n) => [0, 0, 0, n]), ...data]);
const npy = (descr: string, order: string, shape: string, data: readonly number[]): Uint8Array => {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`.padEnd(117).concat('\n');
  return Uint8Array.from([0x93, ...text('NUMPY'), 1, 0, 118, 0, ...text(header), ...data]);
};
const table = `name,age,"joined, first",member,score
Ada,36,2020-01-31,true,1.5
"Bo ""the"" Great",41,2021-12-01T10:20:30Z,false,-0
Cy,,2019-06-30,TRUE,1e-3
"two
lines",7,,false,NaN
`;
const count = (n: number): number[] => Array.from({ length: n }, (_, i) => (i * 37) % 256);

export async function subjects(runtime: Runtime): Promise<readonly Subject[]> {
  const readIdxOf: Read = (bytes) => readIdx(bytes, { maxBytes });
  const readNpyOf: Read = (bytes) => readNpy(bytes, { maxBytes });
  const readCsvOf: Read = async (bytes) => readCsv(await gunzip(bytes, { maxBytes }));
  return [
    ...formats('idx of bytes', idx(8, [4, 5, 5], count(100)), readIdxOf),
    ...formats('idx of doubles', idx(14, [3, 2], count(48)), readIdxOf),
    ...formats('npy of floats', npy('<f4', 'False', '(5, 4)', count(80)), readNpyOf),
    ...formats('npy by columns', npy('>i2', 'True', '(2, 3, 4)', count(48)), readNpyOf),
    ...formats('csv', text(table.repeat(2).replace(/\nname.*\n/, '\n')), readCsvOf),
    ...(await Promise.all(smallModels.map((model) => modelSubjects(model, runtime)))).flat(),
  ];
}

/** Who writes a network as ONNX, by the beginning of its model's name. */
const exporters: readonly (readonly [string, (saved: SavedModel) => Promise<unknown>])[] = [
  ['nn/', (saved) => netToOnnx(saved, { with: tables, maxBytes })],
  ['rnn-lstm/', (saved) => sequenceToOnnx(saved, { maxBytes })],
  ['attention/translator', (saved) => translatorToOnnx(saved, { maxBytes })],
  ['attention/', (saved) => textToOnnx(saved, { maxBytes })],
];

async function modelSubjects(model: (typeof smallModels)[number], runtime: Runtime): Promise<Subject[]> {
  const { saved, checkpoint } = await model.make();
  const file = toBytes(saved);
  const made: Subject[] = [
    {
      name: `${model.name}, arrays`,
      file,
      share: 3,
      mutate: (bytes, dice) => (dice.once(2) ? mutateBytes(bytes, dice) : mutateHeader(bytes, dice)),
      read: async (bytes) => void readSafetensors(bytes),
    },
    {
      name: `${model.name}, loaded`,
      file,
      share: 1,
      mutate: (bytes, dice) => (dice.once(8) ? mutateBytes(bytes, dice) : mutateHeader(bytes, dice)),
      async read(bytes) {
        const loaded = await load(bytes, { with: tables, runtime, maxBytes });
        loaded.dispose();
      },
    },
  ];
  const name = saved.header.model.name;
  const exported = exporters.find(([prefix]) => name.startsWith(prefix))?.[1];
  if (exported)
    made.push({
      name: `${model.name}, exported`,
      file,
      share: 1,
      mutate: (bytes, dice) => (dice.once(8) ? mutateBytes(bytes, dice) : mutateHeader(bytes, dice)),
      read: async (bytes) => void (await exported(fromBytes(bytes))),
    });
  if (name.startsWith('random-forest/'))
    made.push({
      name: `${model.name}, otherwise`,
      file,
      share: 1,
      mutate: (bytes, dice) => (dice.once(8) ? mutateBytes(bytes, dice) : mutateHeader(bytes, dice)),
      async read(bytes) {
        await loadForest(bytes);
        toJavaScript(bytes);
        toOnnx(bytes);
      },
    });
  if (checkpoint)
    made.push({
      name: `${model.name}, checkpoint`,
      file: toBytes(checkpoint),
      share: 1,
      mutate: (bytes, dice) => (dice.once(8) ? mutateBytes(bytes, dice) : mutateHeader(bytes, dice)),
      async read(bytes) {
        const from = fromBytes(bytes);
        if (isCheckpoint(from)) await model.resume?.(from);
      },
    });
  return made;
}
