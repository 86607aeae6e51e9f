/** What sets one recurrent cell apart from another: formulas of a step, forwards and backwards. Everything around them is shared. */
import type { Attributes, Expression } from '@dendrite/spec';

/** Blocks of one step, each `[B, H]`. */
export interface StepInputs {
  /** The input's part of each gate. */
  readonly projected: readonly Expression[];
  /** The hidden state's part of each gate. */
  readonly product: readonly Expression[];
  /** States before the step; the first is the hidden state. */
  readonly states: readonly Expression[];
}
export interface BackInputs {
  /** What the forward step kept. */
  readonly kept: readonly Expression[];
  readonly before: readonly Expression[];
  readonly after: readonly Expression[];
  /** Cotangents of the states after the step; that of the output is in the first. */
  readonly cotangents: readonly Expression[];
}

export interface CellRule {
  /** `'rnn-lstm/lstm'`, and as users call it. */
  readonly name: `rnn-lstm/${string}`;
  readonly called: string;
  /** Blocks of H columns in the products: the gates. */
  readonly gates: number;
  /** Hidden state, and cell state where there is one. */
  readonly states: 1 | 2;
  /** Blocks that the backward pass needs besides the states. */
  readonly kept: number;
  /** The hidden state's product has a bias of its own, because a gate comes between it and the input's. */
  readonly recurrentBias: boolean;
  step(
    inputs: StepInputs,
    attributes: Attributes,
  ): { readonly states: readonly Expression[]; readonly kept: readonly Expression[] };
  back(
    inputs: BackInputs,
    attributes: Attributes,
  ): {
    /** Cotangent of each gate's projected part. */
    readonly projected: readonly Expression[];
    /** Of each gate's product; default: the same. */
    readonly product?: readonly Expression[];
    /** Of the states before the step, on ways other than the product; null: there is none. */
    readonly states: readonly (Expression | null)[];
  };
}
