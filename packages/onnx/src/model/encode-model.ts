/** An ONNX model as the bytes of its file: one row a field of onnx.proto, by the numbers that stand there. */
import { DendriteError } from '@dendrite/spec';
import { littleEndian, Message } from '../protobuf/message.ts';
import { checkGraph } from './check-graph.ts';
import { dtypeCodes } from './dtype-codes.ts';
import type { OnnxAttribute, OnnxDType, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnx-model.ts';

const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 } as const;

/**
 * The bytes of an `.onnx` file. The same model gives the same bytes.
 * @throws OPTION  for a node that reads what nothing computes, a name that is computed twice, or an output that is not there;
 *   SHAPE  for a tensor whose shape and elements disagree; both name what is wrong
 * @source  github.com/onnx/onnx, onnx/onnx.proto and docs/IR.md
 * @example
 * import { encodeModel } from '@dendrite/onnx';
 * const bytes = encodeModel({
 *   opsets: { '': 17 },
 *   graph: {
 *     name: 'twice',
 *     inputs: [{ name: 'x', dtype: 'float32', shape: ['rows', 3] }],
 *     outputs: [{ name: 'y', dtype: 'float32', shape: ['rows', 3] }],
 *     nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
 *   },
 * });
 * bytes[0]; // 8
 */
export function encodeModel(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const { graph, opsets, irVersion = 8, producer, description, metadata = {} } = model;
  checkGraph(graph);
  const message = new Message().whole(1, irVersion);
  if (producer) message.text(2, producer.name).text(3, producer.version);
  if (description !== undefined) message.text(6, description);
  message.message(7, graphMessage(graph));
  for (const [domain, version] of Object.entries(opsets))
    message.message(8, new Message().text(1, domain).whole(2, version));
  for (const [key, value] of Object.entries(metadata)) message.message(14, new Message().text(1, key).text(2, value));
  return message.join();
}

function graphMessage({ name, inputs, outputs, nodes, initializers = {} }: OnnxGraph): Message {
  const message = new Message();
  for (const node of nodes) message.message(1, nodeMessage(node));
  message.text(2, name);
  for (const [key, tensor] of Object.entries(initializers)) message.message(5, tensorMessage(tensor, key));
  for (const value of inputs) message.message(11, valueMessage(value));
  for (const value of outputs) message.message(12, valueMessage(value));
  return message;
}

function nodeMessage({ op, domain, name, inputs, outputs, attributes = {} }: OnnxNode): Message {
  const message = new Message();
  for (const input of inputs) message.text(1, input);
  for (const output of outputs) message.text(2, output);
  if (name !== undefined) message.text(3, name);
  message.text(4, op);
  for (const [key, attribute] of Object.entries(attributes)) message.message(5, attributeMessage(key, attribute));
  if (domain) message.text(7, domain);
  return message;
}

function attributeMessage(name: string, attribute: OnnxAttribute): Message {
  const message = new Message().text(1, name);
  const typed = (type: keyof typeof attributeTypes): Message => message.whole(20, attributeTypes[type]);
  if ('float' in attribute) return typed('float').float(2, attribute.float);
  if ('int' in attribute) return typed('int').whole(3, attribute.int);
  if ('string' in attribute) return typed('string').text(4, attribute.string);
  if ('tensor' in attribute) return typed('tensor').message(5, tensorMessage(attribute.tensor, ''));
  if ('graph' in attribute) return typed('graph').message(6, graphMessage(attribute.graph));
  if ('floats' in attribute) return typed('floats').floats(7, attribute.floats);
  if ('ints' in attribute) return typed('ints').wholes(8, attribute.ints);
  for (const text of attribute.strings) message.text(9, text);
  return typed('strings');
}

function tensorMessage(tensor: OnnxTensor, name: string): Message {
  const { shape, data } = tensor;
  const dtype = dtypeOf(tensor, name);
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.some((length) => !Number.isSafeInteger(length) || length < 0) || size !== data.length)
    throw new DendriteError(
      'SHAPE',
      `encodeModel(): tensor '${name}' must have as many elements as its shape says, got shape [${shape.join(', ')}] and ${data.length} elements. Correct the shape.`,
    );
  const message = new Message().wholes(1, shape).whole(2, dtypeCodes[dtype]);
  if (isTexts(data)) for (const text of data) message.text(6, text);
  if (name !== '') message.text(8, name);
  if (!isTexts(data))
    message.bytes(
      9,
      littleEndian(dtype === 'int64' && data instanceof Int32Array ? BigInt64Array.from(data, BigInt) : data),
    );
  return message;
}

function dtypeOf({ data, dtype }: OnnxTensor, name: string): OnnxDType {
  const held: OnnxDType = isTexts(data)
    ? 'string'
    : data instanceof Float32Array
      ? 'float32'
      : data instanceof Float64Array
        ? 'float64'
        : data instanceof Int32Array
          ? 'int32'
          : data instanceof BigInt64Array
            ? 'int64'
            : 'uint8';
  if (dtype === undefined || dtype === held) return held;
  if ((dtype === 'bool' && held === 'uint8') || (dtype === 'int64' && held === 'int32')) return dtype;
  throw new DendriteError(
    'DTYPE',
    `encodeModel(): tensor '${name}' must hold bytes to be bool or whole numbers to be int64, got ${held} as ${dtype}. Convert the data.`,
  );
}

function valueMessage({ name, dtype, shape }: OnnxValue): Message {
  const tensor = new Message().whole(1, dtypeCodes[dtype]);
  if (shape) {
    const lengths = new Message();
    for (const length of shape)
      lengths.message(1, typeof length === 'string' ? new Message().text(2, length) : new Message().whole(1, length));
    tensor.message(2, lengths);
  }
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

const isTexts = (data: OnnxTensor['data']): data is readonly string[] => Array.isArray(data);
