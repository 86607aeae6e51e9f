/** The part of the graph that turns inputs into what trees compare: float64 `[rows, features]`. */
import type { OnnxNode, OnnxTensor, OnnxValue } from '@dendrite/onnx';
import type { OpenForest } from '../saved/open-forest.ts';
import type { CategoryColumns } from './category-columns.ts';

/** A name that no column has, the same for the same word. */
export type Names = (word: string) => string;

export interface GraphInputs {
  readonly inputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly initializers?: Readonly<Record<string, OnnxTensor>>;
  /** Where each feature of the forest begins. */
  readonly starts: readonly number[];
}

/** ONNX's number for the type that trees compare in. */
const float64 = 11;

export function freshNames(taken: readonly string[]): Names {
  const fresh: Names = (word) => (taken.includes(word) ? fresh(`${word}_`) : word);
  return fresh;
}

/** One array of plain numbers. */
export function plainInputs({ dtype, shape }: NonNullable<OpenForest['values']>, names: Names): GraphInputs {
  const width = shape.reduce((product, length) => product * length, 1);
  return {
    inputs: [{ name: 'x', dtype, shape: ['rows', ...shape] }],
    nodes: [
      { op: 'Flatten', inputs: ['x'], outputs: ['flat'], attributes: { axis: { int: 1 } } },
      { op: 'Cast', inputs: ['flat'], outputs: [names('features')], attributes: { to: { int: float64 } } },
    ],
    starts: Array.from({ length: width }, (_, f) => f),
  };
}

/** One input a column; a category becomes the columns of its table, an unknown text the row of the missing value. */
export function columnInputs({ columns }: OpenForest, { tables }: CategoryColumns, names: Names): GraphInputs {
  const nodes: OnnxNode[] = [];
  const initializers: Record<string, OnnxTensor> = {};
  const starts: number[] = [];
  const joined: string[] = [];
  let width = 0;
  columns.forEach(({ name, categories }, f) => {
    starts.push(width);
    const table = tables.find(({ feature }) => feature === f);
    if (!categories || !table) {
      joined.push(name);
      width += 1;
      return;
    }
    const [code, sides, rows, flat, joinedName] = ['code', 'sides', 'rows', 'flat', 'float'].map((word) =>
      names(`${word} ${f}`),
    ) as [string, string, string, string, string];
    initializers[sides] = { shape: [categories.length + 1, table.columns], data: table.sides };
    nodes.push(
      {
        op: 'LabelEncoder',
        domain: 'ai.onnx.ml',
        inputs: [name],
        outputs: [code],
        attributes: {
          keys_strings: { strings: categories },
          values_int64s: { ints: categories.map((_, place) => place) },
          default_int64: { int: categories.length },
        },
      },
      { op: 'Gather', inputs: [sides, code], outputs: [rows], attributes: { axis: { int: 0 } } },
      { op: 'Flatten', inputs: [rows], outputs: [flat], attributes: { axis: { int: 1 } } },
      { op: 'Cast', inputs: [flat], outputs: [joinedName], attributes: { to: { int: float64 } } },
    );
    joined.push(joinedName);
    width += table.columns;
  });
  nodes.push({ op: 'Concat', inputs: joined, outputs: [names('features')], attributes: { axis: { int: 1 } } });
  return {
    inputs: columns.map(({ name, categories }) => ({
      name,
      dtype: categories ? 'string' : 'float64',
      shape: ['rows', 1],
    })),
    nodes,
    initializers,
    starts,
  };
}
