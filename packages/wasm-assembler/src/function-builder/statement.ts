/** What a function's body is made of, before it is bytes or text. */
import type { LocalNode, Node, Owner } from '../value/node.ts';

/** Where a branch goes: out of a block, or back to the start of a loop. */
export interface Label {
  readonly kind: 'block' | 'loop' | 'if';
}
/** Statements one after another, and what owns the registers that are made among them. */
export interface Body extends Owner {
  readonly statements: Statement[];
}
export type Statement =
  | { readonly kind: 'set'; readonly local: LocalNode; readonly value: Node }
  | { readonly kind: 'do'; readonly node: Node }
  | { readonly kind: 'drop'; readonly node: Node }
  /** Without a label nothing leaves it early: it needs no block. */
  | { readonly kind: 'body'; readonly label: Label | undefined; readonly body: Body }
  | {
      readonly kind: 'if';
      readonly label: Label;
      readonly condition: Node;
      readonly yes: Body;
      readonly no: Body | undefined;
    }
  | { readonly kind: 'br'; readonly label: Label; readonly condition?: Node }
  | { readonly kind: 'br_table'; readonly labels: readonly Label[]; readonly other: Label; readonly index: Node }
  | { readonly kind: 'return'; readonly value?: Node }
  | { readonly kind: 'unreachable' };
