/** How an expression's inputs lie under its output, and the loop that this asks for. */
import type { Call, TensorSpec } from '@dendrite/spec';

/**
 * `dense` as the output; `scalar` one element; `row` one period of the output's last axes, repeated; `column` one element for
 * each of its first axes.
 */
export type InputLayout = 'dense' | 'scalar' | 'row' | 'column';
export interface Layout {
  readonly inputs: readonly InputLayout[];
  readonly size: number;
  /** Elements of a row; the whole output where no input is broadcast along it. */
  readonly inner: number;
  /** `flat`: one loop. `periodic`: one loop over rows repeated in scratch. `rows`: a loop a row. */
  readonly loop: 'flat' | 'periodic' | 'rows';
}

const sizeOf = ({ shape }: TensorSpec): number => shape.reduce((product, length) => product * length, 1);

/** Rows from this length on, if whole vectors, are read as they lie. */
const longRow = 64;

/** undefined: an input is broadcast in some other way. */
export function layoutOf({ inputs, outputs }: Call): Layout | undefined {
  const [output] = outputs;
  if (output === undefined || outputs.some((other) => sizeOf(other) !== sizeOf(output))) return undefined;
  const size = sizeOf(output);
  let inner: number | undefined;
  const kinds: InputLayout[] = [];
  for (const input of inputs) {
    const found = inputLayout(input, output, size);
    if (found === undefined) return undefined;
    kinds.push(found.kind);
    if (found.inner === undefined) continue;
    if (inner !== undefined && inner !== found.inner) return undefined;
    inner = found.inner;
  }
  if (inner === undefined) return { inputs: kinds, size, inner: size, loop: 'flat' };
  const rows = kinds.includes('column') || (inner >= longRow && inner % 4 === 0);
  return { inputs: kinds, size, inner, loop: rows ? 'rows' : 'periodic' };
}

function inputLayout(
  input: TensorSpec,
  output: TensorSpec,
  size: number,
): { readonly kind: InputLayout; readonly inner?: number } | undefined {
  const length = sizeOf(input);
  if (length === size) return { kind: 'dense' };
  if (length === 1) return { kind: 'scalar' };
  const shape = output.shape;
  const padded = [...new Array<number>(shape.length - input.shape.length).fill(1), ...input.shape];
  let first = 0;
  while (first < padded.length && padded[first] === 1) first++;
  if (padded.every((each, axis) => axis < first || each === shape[axis])) return { kind: 'row', inner: length };
  let last = padded.length;
  while (last > 0 && padded[last - 1] === 1) last--;
  if (padded.every((each, axis) => axis >= last || each === shape[axis]))
    return { kind: 'column', inner: size / length };
  return undefined;
}
