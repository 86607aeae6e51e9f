/** What a function of tensors does, for inputs of any lengths: traces joined to one. Types only. */
import type { DType, HostArray, Shape } from '@dendrite/spec';
import type { Amount } from './amount.ts';

export type AmountShape = readonly Amount[];
export type Source =
  | { readonly input: string }
  | { readonly held: string; readonly data: HostArray }
  | { readonly constant: Constant }
  | { readonly call: ProgramCall; readonly output: number };
export interface ProgramValue {
  readonly dtype: DType;
  readonly shape: AmountShape;
  readonly source: Source;
}
export interface ProgramOperand {
  readonly value: ProgramValue;
  readonly shape: AmountShape;
}
/** Data that the function made on the host. */
export type Constant =
  | { readonly kind: 'array'; readonly data: HostArray; readonly shape: Shape }
  /** One number everywhere. */
  | { readonly kind: 'filled'; readonly value: Amount }
  /** `0, 1, … count − 1` */
  | { readonly kind: 'range'; readonly count: Amount }
  /** The first `count` along an axis of a table. */
  | {
      readonly kind: 'part';
      readonly data: HostArray;
      readonly shape: Shape;
      readonly axis: number;
      readonly count: Amount;
    };
/** A formula with amounts in place of its numbers. */
export type Formula =
  | { readonly input: number }
  | { readonly constant: Amount }
  | { readonly argument: number }
  | { readonly cast: DType; readonly x: Formula }
  | { readonly unary: string; readonly x: Formula }
  | { readonly binary: string; readonly x: Formula; readonly y: Formula }
  | { readonly where: Formula; readonly x: Formula; readonly y: Formula };
export interface ProgramCall {
  readonly op: string;
  readonly formulas?: readonly Formula[];
  readonly attributes: Readonly<Record<string, Amount | boolean | string | AmountShape>>;
  readonly args: AmountShape;
  readonly inputs: readonly ProgramOperand[];
  readonly outputs: readonly ProgramValue[];
}
export interface Program {
  readonly inputs: readonly ProgramValue[];
  readonly calls: readonly ProgramCall[];
  readonly outputs: Readonly<Record<string, ProgramOperand>>;
}
