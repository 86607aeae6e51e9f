/** What a row of the table gets: a call with its inputs' names, and the graph to write nodes into. */
import { DendriteError, type DType } from '@dendrite/spec';
import { type Amount, isFree } from '../amount.ts';
import type { Graph } from '../graph.ts';
import type { AmountShape, ProgramCall, ProgramOperand } from '../program.ts';

export interface RowInput {
  readonly name: string;
  readonly shape: AmountShape;
  readonly dtype: DType;
}
export interface RowCall {
  readonly graph: Graph;
  readonly call: ProgramCall;
  readonly inputs: readonly RowInput[];
  readonly output: { readonly shape: AmountShape; readonly dtype: DType };
  /** A value that was computed before, by its name, in the shape it is read in. */
  named(operand: ProgramOperand): string;
}
/** Names of the outputs; those that only a gradient reads are left out. */
export type Row = (call: RowCall) => readonly string[];

export const firstOf = ({ inputs }: RowCall): RowInput => inputs[0] as RowInput;
export const secondOf = ({ inputs }: RowCall): RowInput => inputs[1] as RowInput;

/** An attribute that is a list, as it is. */
export const amounts = ({ call }: RowCall, name: string): AmountShape =>
  Array.isArray(call.attributes[name]) ? (call.attributes[name] as AmountShape) : [];
/** One that no length may change. @throws OPTION */
export const numbers = (row: RowCall, name: string): readonly number[] =>
  amounts(row, name).map((amount) => fixed(row, amount, name));
export const numberOf = (row: RowCall, name: string): number => fixed(row, row.call.attributes[name] as Amount, name);

/** @throws OPTION */
export function fixed({ call }: RowCall, amount: Amount, what: string): number {
  if (!isFree(amount)) return amount;
  return refuse(
    call.op,
    `its ${what} change with a free length (${amount.values.join(', ')}), which no operator of ONNX takes`,
    'Write a number for that length in the shapes of the inputs.',
  );
}
/** @throws OPTION */
export function refuse(op: string, why: string, advice: string): never {
  throw new DendriteError('OPTION', `toOnnx(): ${op} must be one that ONNX can say, got one where ${why}. ${advice}`);
}
