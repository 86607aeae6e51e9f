/** The tree that an expression is: what will be emitted, at every use anew. */
import type { Instruction } from '../instructions/instructions.ts';
import type { ValueType } from '../instructions/signatures.ts';

/** What a register belongs to: a body. It may be used while that is open. */
export interface Owner {
  /** Whether the body, or one inside it, is being encoded. */
  open: boolean;
}
export interface LocalNode {
  readonly kind: 'local';
  readonly index: number;
  readonly owner: Owner;
}
/** A function that can be called: defined here or imported. Its number is known when the module is finished. */
export interface Callee {
  readonly name: string;
  /** Names of its parameters, and their types. */
  readonly names: readonly string[];
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
}
export interface CallNode {
  readonly kind: 'call';
  readonly callee: Callee;
  readonly operands: readonly Node[];
}
export type Node =
  | LocalNode
  | { readonly kind: 'constant'; readonly type: ValueType; readonly value: number | bigint | readonly number[] }
  | {
      readonly kind: 'instruction';
      readonly instruction: Instruction;
      readonly operands: readonly Node[];
      /** In the order of the signature's letters `m`, `n`, `s`. */
      readonly immediates: readonly (number | readonly number[])[];
    }
  | { readonly kind: 'select'; readonly type: ValueType; readonly operands: readonly [Node, Node, Node] }
  | CallNode;
