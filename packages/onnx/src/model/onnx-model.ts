/** An ONNX model as plain data: a graph of named values, the nodes that compute them, and arrays that it holds. Types only. */

/** What elements are called in ONNX; `string` has no array form in JavaScript but a list. */
export type OnnxDType = 'float32' | 'float64' | 'int32' | 'int64' | 'uint8' | 'bool' | 'string';

/** An array that the model holds. Its type of array decides the dtype, but where `dtype` names another: bytes as `bool`, 32 bits as `int64`. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | readonly string[];
  readonly dtype?: 'bool' | 'int64';
}

/** What goes in or comes out. A length that is a text has that name and any size; left out, the shape is not told at all. */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: OnnxDType;
  readonly shape?: readonly (number | string)[];
}

/** One of: `{ int: 1 }`, `{ floats: [0.5] }`, … . Whole numbers may be bigints. */
export type OnnxAttribute =
  | { readonly float: number }
  | { readonly int: number | bigint }
  | { readonly string: string }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraph }
  | { readonly floats: ArrayLike<number> }
  | { readonly ints: ArrayLike<number | bigint> }
  | { readonly strings: readonly string[] };

/** One application of an operator. An input that is left out in the middle is `''`. */
export interface OnnxNode {
  readonly op: string;
  /** Default: ONNX's own operators. `'ai.onnx.ml'` for trees. */
  readonly domain?: string;
  /** For messages of runtimes. */
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** Nodes stand in an order in which each finds its inputs computed. */
export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  /** Arrays by name, which nodes read like computed values. */
  readonly initializers?: Readonly<Record<string, OnnxTensor>>;
}

export interface OnnxModel {
  readonly graph: OnnxGraph;
  /** Version of the operators by domain; `''` is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Version of the format. Default 8, which runtimes since 2021 read. */
  readonly irVersion?: number;
  readonly producer?: { readonly name: string; readonly version: string };
  readonly description?: string;
  /** Free texts by name. */
  readonly metadata?: Readonly<Record<string, string>>;
}
