/** Formulas as one program on WebGPU: the bits of a kernel a node, one dispatch an output. */
import type { Binary, Expression, Unary } from '@dendrite/spec';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bool, type Dense, evaluate, float, int, noise, openDevice } from '../device/device.fixture.ts';
import type { TfjsDevice } from '../device/tfjs-device.ts';
import type { WebgpuBackend } from '../load/tfjs-api.ts';

let device: TfjsDevice;
let dispatches = 0;
beforeAll(async () => {
  device = (await openDevice('webgpu')) as TfjsDevice;
  const backend = device.inside().kernels.backend as WebgpuBackend;
  const run = backend.runWebGPUProgram.bind(backend);
  backend.runWebGPUProgram = (...call) => {
    dispatches++;
    return run(...call);
  };
}, 60_000);
afterAll(async () => device.dispose());

const input = (i: number): Expression => ({ input: i });
const number = (constant: number): Expression => ({ constant });
const unary = (name: Unary, x: Expression): Expression => ({ unary: name, x });
const binary = (name: Binary, x: Expression, y: Expression): Expression => ({ binary: name, x, y });

/** One node after the other, each its own kernel: what a formula must equal. */
async function stepwise(e: Expression, inputs: readonly Dense[], args: readonly number[]): Promise<Dense> {
  if ('input' in e) return inputs[e.input] as Dense;
  if ('constant' in e) return float([], [Math.fround(e.constant)]);
  if ('argument' in e) return float([], [Math.fround(args[e.argument] ?? Number.NaN)]);
  const parts = ('where' in e ? [e.where, e.x, e.y] : 'binary' in e ? [e.x, e.y] : [e.x]) as readonly Expression[];
  const given: Dense[] = [];
  for (const part of parts) given.push(await stepwise(part, inputs, args));
  const shape = given
    .map((each) => each.shape)
    .reduce((longest, other) => (other.length > longest.length ? other : longest));
  const node: Expression =
    'where' in e
      ? { where: input(0), x: input(1), y: input(2) }
      : 'binary' in e
        ? { ...e, x: input(0), y: input(1) }
        : { ...e, x: input(0) };
  const asks =
    ('binary' in e && /^(lt|le|eq|and|or)$/.test(e.binary)) || ('unary' in e && /^(not|isNaN|isFinite)$/.test(e.unary));
  const dtype = asks ? 'bool' : 'cast' in e ? e.cast : (given.at(-1)?.dtype ?? 'float32');
  const [data = []] = await evaluate(device, [node], given, { outputs: [{ shape, dtype }] });
  return { shape, dtype, data };
}

const edges = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.3, -2.5, 1e-20, 88, -100, 3e38, 1e-40];
const pairs = edges.flatMap((a) => edges.map((b): readonly [number, number] => [Math.fround(a), Math.fround(b)]));
const [x, y] = [0, 1].map((i) => float([pairs.length], [...pairs.map((pair) => pair[i] ?? 0)])) as [Dense, Dense];
const [p, q, r] = [4, 5, 6].map((seed) => float([200], noise(200, seed))) as [Dense, Dense, Dense];

// The others have one body for both.
const unaryNames: readonly Unary[] = [
  'neg',
  'abs',
  'sqrt',
  'exp',
  'log',
  'acos',
  'atan',
  'floor',
  'round',
  'isNaN',
  'isFinite',
];
const binaryNames: readonly Binary[] = ['sub', 'div', 'pow', 'atan2', 'min', 'max', 'le', 'eq'];
const less = binary('lt', input(0), input(1));
const product = binary('mul', input(0), input(1));
const formulas: readonly (readonly [name: string, formula: Expression, inputs: readonly Dense[]])[] = [
  ...unaryNames.map((name) => [name, unary(name, binary('mul', input(0), input(1))), [x, y]] as const),
  ...binaryNames.map((name) => [name, binary(name, unary('neg', input(0)), input(1)), [x, y]] as const),
  // A product merged into the sum would not be rounded.
  ['a product and a sum', binary('add', product, input(2)), [p, q, r]],
  ['a product less itself', binary('sub', product, unary('neg', binary('mul', input(0), input(2)))), [p, q, r]],
  ['not less', unary('not', less), [x, y]],
  ['where less', { where: less, x: input(0), y: input(1) }, [x, y]],
  ['where not less', { where: unary('not', less), x: input(0), y: input(1) }, [x, y]],
  ['the sum of an infinity and its negative', binary('max', binary('sub', input(0), input(0)), number(0)), [x]],
  ['numbers beside', binary('mul', binary('add', input(0), number(0.1)), { argument: 0 }), [p]],
  ['infinities beside', binary('min', binary('max', input(0), number(-Infinity)), number(Infinity)), [x]],
  [
    'whole numbers',
    binary('add', binary('mul', { cast: 'int32', x: input(0) }, input(1)), input(1)),
    [
      p,
      int(
        [200],
        Array.from({ length: 200 }, (_, i) => i * 123_457),
      ),
    ],
  ],
  ['bytes', { cast: 'float32', x: { cast: 'uint8', x: binary('mul', input(0), number(1000)) } }, [p]],
  [
    'flags',
    binary('and', unary('not', input(0)), { cast: 'bool', x: input(1) }),
    [bool([4], [0, 0, 1, 1]), float([4], [0, Number.NaN, 2, 0])],
  ],
];
const signed = (data: readonly number[]): readonly string[] => data.map((n) => (Object.is(n, -0) ? '-0' : String(n)));

test.each(formulas)('%s: the bits of a kernel a node', async (_, formula, inputs) => {
  const args = [0.7];
  const wanted = await stepwise(formula, inputs, args);
  dispatches = 0;
  const [got = []] = await evaluate(device, [formula], inputs, { args, outputs: [wanted] });
  expect(signed(got)).toEqual(signed(wanted.data));
  expect(dispatches).toBe(1);
});
