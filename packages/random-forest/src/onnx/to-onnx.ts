/** A saved forest as an ONNX model. */
import { encodeModel, type OnnxNode } from '@dendrite/onnx';
import type { SavedModel } from '@dendrite/spec';
import { openForest } from '../saved/open-forest.ts';
import { version } from '../version.ts';
import { categoryColumns } from './category-columns.ts';
import { columnInputs, freshNames, plainInputs } from './graph-inputs.ts';
import { labelOutputs, numberOutputs } from './graph-outputs.ts';
import { treeAttributes } from './tree-attributes.ts';

/**
 * The bytes of an `.onnx` file (ai.onnx 17, ai.onnx.ml 3) that gives the answers of the forest.
 *
 * Inputs: where training had plain numbers, `x`, `[rows, …]` in their type. Else one input a column, `[rows, 1]`, by its name: text
 * for categories, float64 for all others (booleans 0 and 1, dates milliseconds, NaN where one is missing). A text that training did
 * not have counts as missing.
 * Outputs: `output_label`, `[rows]` in the labels' type (whole numbers: int64), and `output_probabilities`, `[rows, classes]`; for
 * numbers `output_value`, `[rows, 1]`, which ONNX gives in float32.
 * @param file  what `save` gave, or its bytes
 * @throws FORMAT  for a file that is damaged or holds no forest; OPTION  for so many groups of categories that no file could hold them
 * @numerics  thresholds are compared in float64; probabilities and numbers agree to about one float32 step
 * @source  github.com/onnx/onnx, docs/Operators-ml.md: TreeEnsembleRegressor
 * @example
 * import { randomForestClassifier } from '@dendrite/random-forest';
 * import { toOnnx } from '@dendrite/random-forest/onnx';
 * const rows = Array.from({ length: 60 }, (_, i) => ({ petal: i, kind: i < 30 ? 'short' : 'long' }));
 * const forest = await randomForestClassifier({ trees: 5 }).fit({ rows, target: 'kind' });
 * const bytes = toOnnx(await forest.save());
 * bytes[0]; // 8
 */
export function toOnnx(file: Uint8Array | SavedModel): Uint8Array<ArrayBuffer> {
  const open = openForest(file, 'toOnnx()');
  const { forest, columns, labels, settings, values } = open;
  const { combine } = settings;
  const categories = categoryColumns(forest, (f) => columns[f]?.categories?.length ?? 0);
  const names = freshNames(columns.map(({ name }) => name));
  const { starts, ...read } = values ? plainInputs(values, names) : columnInputs(open, categories, names);
  const answers = names('answers');
  const ensemble: OnnxNode = {
    op: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: [names('features')],
    outputs: [answers],
    attributes: treeAttributes(forest, { starts, categories, combine }),
  };
  const answer = labels.length > 0 ? labelOutputs(labels, names) : numberOutputs(forest.trees.length, combine, names);
  return encodeModel({
    opsets: { '': 17, 'ai.onnx.ml': 3 },
    producer: { name: '@dendrite/random-forest', version },
    graph: {
      name: 'forest',
      inputs: read.inputs,
      outputs: answer.outputs,
      nodes: [...read.nodes, ensemble, ...answer.nodes],
      initializers: { ...read.initializers, ...answer.initializers },
    },
  });
}
