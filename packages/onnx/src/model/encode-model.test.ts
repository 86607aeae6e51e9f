/** What is written, as onnxruntime reads it: every kind of attribute and of tensor, and what is refused. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { encodeModel } from './encode-model.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './onnx-model.ts';

const model = (graph: Partial<OnnxGraph>): OnnxModel => ({
  opsets: { '': 17, 'ai.onnx.ml': 3 },
  graph: {
    name: 'test',
    inputs: [{ name: 'x', dtype: 'float32', shape: ['rows', 3] }],
    outputs: [{ name: 'y', dtype: 'float32' }],
    nodes: [],
    ...graph,
  },
});
const x = new Tensor('float32', new Float32Array([1, -2, 3, 4, 5, -6]), [2, 3]);

async function run(given: OnnxModel, feeds: Record<string, Tensor> = { x }) {
  const session = await InferenceSession.create(encodeModel(given));
  const { y } = await session.run(feeds);
  await session.release();
  return { data: y?.data, shape: y?.dims, type: y?.type };
}
const one = (op: string, attributes: OnnxNode['attributes'] = {}, more: readonly string[] = []): OnnxNode => ({
  op,
  inputs: ['x', ...more],
  outputs: ['y'],
  attributes,
});

describe('encodeModel: onnxruntime reads', () => {
  test('a node, and a length that may vary', async () => {
    expect(await run(model({ nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }] }))).toEqual({
      data: new Float32Array([2, -4, 6, 8, 10, -12]),
      shape: [2, 3],
      type: 'float32',
    });
  });

  test('float, int and ints attributes; negative whole numbers', async () => {
    const { data } = await run(model({ nodes: [one('LeakyRelu', { alpha: { float: 0.5 } })] }));
    expect(data).toEqual(new Float32Array([1, -1, 3, 4, 5, -3]));
    const turned = await run(model({ nodes: [one('Transpose', { perm: { ints: [1, 0] } })] }));
    expect(turned).toEqual({ data: new Float32Array([1, 4, -2, 5, 3, -6]), shape: [3, 2], type: 'float32' });
    const largest = await run(
      model({
        nodes: [one('ArgMax', { axis: { int: -1 }, keepdims: { int: 0n } })],
        outputs: [{ name: 'y', dtype: 'int64', shape: ['rows'] }],
      }),
    );
    expect(largest.data).toEqual(BigInt64Array.of(2n, 1n));
  });

  test.each<[string, OnnxTensor, ArrayLike<unknown>]>([
    ['float32', { shape: [2], data: new Float32Array([0.5, -0]) }, new Float32Array([0.5, -0])],
    ['float64', { shape: [1, 1], data: new Float64Array([1 / 3]) }, new Float64Array([1 / 3])],
    ['int32', { shape: [2], data: new Int32Array([-7, 7]) }, new Int32Array([-7, 7])],
    ['int64', { shape: [1], data: BigInt64Array.of(-(2n ** 60n)) }, BigInt64Array.of(-(2n ** 60n))],
    ['int64', { shape: [1], data: new Int32Array([-5]), dtype: 'int64' }, BigInt64Array.of(-5n)],
    ['uint8', { shape: [3], data: new Uint8Array([0, 1, 255]) }, new Uint8Array([0, 1, 255])],
    ['bool', { shape: [2], data: new Uint8Array([0, 1]), dtype: 'bool' }, new Uint8Array([0, 1])],
    ['string', { shape: [2], data: ['ä', ''] }, ['ä', '']],
    ['float32', { shape: [0, 2], data: new Float32Array(0) }, new Float32Array(0)],
  ])('a held array of %s, as a constant and as an initializer', async (dtype, tensor, data) => {
    const name = dtype as 'float32';
    const outputs = [{ name: 'y', dtype: name }];
    const constant = model({
      nodes: [{ op: 'Constant', inputs: [], outputs: ['y'], attributes: { value: { tensor } } }],
      outputs,
    });
    expect(await run(constant)).toEqual({ data, shape: tensor.shape, type: dtype });
    const held = model({
      nodes: [{ op: 'Identity', inputs: ['c'], outputs: ['y'] }],
      initializers: { c: tensor },
      outputs,
    });
    expect(await run(held)).toEqual({ data, shape: tensor.shape, type: dtype });
  });

  test('texts and floats, and operators of another domain', async () => {
    const encoder: OnnxNode = {
      ...one('LabelEncoder', {
        keys_strings: { strings: ['red', 'grün'] },
        values_floats: { floats: [1.5, -2] },
        default_float: { float: 9 },
      }),
      domain: 'ai.onnx.ml',
    };
    const inputs = [{ name: 'x', dtype: 'string', shape: ['rows'] }] as const;
    const feeds = { x: new Tensor('string', ['grün', 'blue', 'red'], [3]) };
    expect((await run(model({ nodes: [encoder], inputs }), feeds)).data).toEqual(new Float32Array([-2, 9, 1.5]));
  });

  test('a graph in a node, which sees the names around it', async () => {
    const branch = (op: string): { readonly graph: OnnxGraph } => ({
      graph: {
        name: op,
        inputs: [],
        outputs: [{ name: `inner${op}`, dtype: 'float32' }],
        nodes: [{ op, inputs: ['x'], outputs: [`inner${op}`] }],
      },
    });
    const choice: OnnxNode = {
      op: 'If',
      inputs: ['yes'],
      outputs: ['y'],
      attributes: { then_branch: branch('Neg'), else_branch: branch('Abs') },
    };
    const initializers = { yes: { shape: [], data: new Uint8Array([1]), dtype: 'bool' as const } };
    expect((await run(model({ nodes: [choice], initializers }))).data).toEqual(
      new Float32Array([-1, 2, -3, -4, -5, 6]),
    );
  });
});

describe('encodeModel: bytes', () => {
  // By hand, from the numbers of the fields in onnx.proto.
  test('the smallest model', () => {
    const bytes = encodeModel({
      opsets: { '': 300 },
      graph: { name: 'g', inputs: [], outputs: [], nodes: [] },
      producer: { name: 'p', version: '1' },
      description: 'd',
      metadata: { k: 'v' },
    });
    expect([...bytes]).toEqual(
      [
        [0x08, 8],
        [0x12, 1, 0x70],
        [0x1a, 1, 0x31],
        [0x32, 1, 0x64],
        [0x3a, 3, 0x12, 1, 0x67],
        [0x42, 5, 0x0a, 0, 0x10, 0xac, 0x02],
        [0x72, 6, 0x0a, 1, 0x6b, 0x12, 1, 0x76],
      ].flat(),
    );
  });

  test('are the same for the same model', () => {
    const given = model({ nodes: [one('Neg')] });
    expect(encodeModel(given)).toEqual(encodeModel(given));
  });
});

describe('encodeModel: refuses', () => {
  const refused = (graph: Partial<OnnxGraph>): string => {
    try {
      encodeModel(model(graph));
    } catch (error) {
      return String(error);
    }
    return 'nothing';
  };
  test('names that nothing computes, or that two compute', () => {
    expect(refused({ nodes: [one('Add', {}, ['z'])] })).toMatch(/OPTION.*Add must read .* got 'z'/);
    expect(refused({ nodes: [one('Neg'), one('Abs')] })).toMatch(/OPTION.*an output of Abs .* got 'y' again/);
    expect(refused({ nodes: [] })).toMatch(/OPTION.*output must be computed by a node, got 'y'/);
    expect(refused({ nodes: [one('Neg')], initializers: { x: { shape: [], data: new Float32Array(1) } } })).toMatch(
      /an initializer .* 'x' again/,
    );
    expect(refused({ nodes: [one('Neg')], inputs: [{ name: '', dtype: 'float32' }] })).toMatch(/an input .* got none/);
  });
  test('arrays that contradict themselves', () => {
    const withTensor = (tensor: OnnxTensor): string =>
      refused({ nodes: [one('Add', {}, ['c'])], initializers: { c: tensor } });
    expect(withTensor({ shape: [2, 2], data: new Float32Array(3) })).toMatch(/SHAPE.*'c'.*\[2, 2\] and 3 elements/);
    expect(withTensor({ shape: [-1], data: new Float32Array(1) })).toMatch(/SHAPE/);
    expect(withTensor({ shape: [1], data: new Float32Array(1), dtype: 'bool' })).toMatch(/DTYPE.*float32 as bool/);
  });
});
