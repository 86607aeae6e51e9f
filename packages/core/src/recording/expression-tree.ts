/** Expressions as trees: written anew with other leaves, and measured. */
import type { Expression } from '@dendrite/spec';

/** The expression with other nodes in place of its inputs and arguments. */
export function substitute(
  e: Expression,
  input: (i: number) => Expression,
  argument: (i: number) => Expression,
): Expression {
  const walk = (node: Expression): Expression => {
    if ('input' in node) return input(node.input);
    if ('argument' in node) return argument(node.argument);
    if ('constant' in node) return node;
    if ('where' in node) return { where: walk(node.where), x: walk(node.x), y: walk(node.y) };
    if ('binary' in node) return { binary: node.binary, x: walk(node.x), y: walk(node.y) };
    if ('cast' in node) return { cast: node.cast, x: walk(node.x) };
    return { unary: node.unary, x: walk(node.x) };
  };
  return walk(e);
}

/** Nodes of all expressions together; a part that stands in two places counts twice. */
export function countNodes(expressions: readonly Expression[]): number {
  let count = 0;
  const walk = (e: Expression): void => {
    count++;
    if ('where' in e) walk(e.where);
    if ('x' in e) walk(e.x);
    if ('y' in e) walk(e.y);
  };
  for (const expression of expressions) walk(expression);
  return count;
}
