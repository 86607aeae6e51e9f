/** A decision tree, or any tree of questions, as plain data and as a picture. */
import { element, joined, type Markup } from '../markup/markup.ts';
import { colorClass, svg, text, widthOf } from '../markup/svg.ts';

/** A node: with children it asks, without it answers. */
export interface TreeNode {
  /** `petal width ≤ 0.8`, or the answer at a leaf. */
  readonly label: string;
  /** A second line: samples, impurity. */
  readonly detail?: string;
  /** How pure or sure it is, from 0 to 1: shades the node. */
  readonly share?: number;
  /** Number of the colour of the shade, from 0; the same for the same answer. Default 0. */
  readonly color?: number;
  readonly children?: readonly { readonly edge?: string; readonly node: TreeNode }[];
}

export interface TreeOptions {
  readonly title?: string;
  /** Levels to draw below the root; what is deeper is counted. Default 4. */
  readonly maxDepth?: number;
}

const LEVEL = 92;
const BOX = 42;
const GAP = 14;

interface Placed {
  readonly node: TreeNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Nodes below that are not drawn. */
  readonly hidden: number;
  readonly children: readonly { readonly edge: string; readonly placed: Placed }[];
}

/**
 * An SVG of a tree, root on top. Subtrees stand side by side, each parent over the middle of its children.
 * @example
 * import { tree } from '@dendrite/report';
 * tree({ label: 'petal ≤ 2.5', children: [{ edge: 'yes', node: { label: 'setosa' } }, { edge: 'no', node: { label: 'virginica' } }] });
 */
export function tree(root: TreeNode, options: TreeOptions = {}): string {
  const { title = '', maxDepth = 4 } = options;
  const top = title === '' ? 16 : 48;
  const measured = measure(root, 0, maxDepth);
  const placed = place(measured, 16 + measured.left, top);
  const depth = depthOf(placed);
  return svg(
    {
      title,
      description: describe(root),
      width: Math.max(240, measured.left + measured.right + 32),
      height: top + depth * LEVEL + BOX + 16,
    },
    edges(placed),
    boxes(placed),
  );
}

/** A subtree's size: how far it reaches to both sides of its root's middle. */
interface Measured {
  readonly node: TreeNode;
  readonly width: number;
  readonly hidden: number;
  readonly left: number;
  readonly right: number;
  /** `x` is the middle of the child's root, from that of this one. */
  readonly children: readonly { readonly edge: string; readonly x: number; readonly measured: Measured }[];
}

/** Children side by side, so that no subtree reaches into another; the root over the middle of the first and last. */
function measure(node: TreeNode, depth: number, maxDepth: number): Measured {
  const hidden = depth >= maxDepth ? countBelow(node) : 0;
  const width = Math.min(190, Math.max(64, ...linesOf(node, hidden).map(widthOf)) + 20);
  const below =
    hidden > 0
      ? []
      : (node.children ?? []).map((child) => ({
          edge: child.edge ?? '',
          measured: measure(child.node, depth + 1, maxDepth),
        }));
  let edge = 0;
  const fromFirst = below.map(({ measured: child }) => {
    const x = edge + child.left;
    edge = x + child.right + GAP;
    return x;
  });
  const middle = ((fromFirst[0] ?? 0) + (fromFirst.at(-1) ?? 0)) / 2;
  return {
    node,
    width,
    hidden,
    left: Math.max(width / 2, middle),
    right: Math.max(width / 2, edge - GAP - middle),
    children: below.map((child, i) => ({ ...child, x: (fromFirst[i] ?? 0) - middle })),
  };
}

const place = ({ node, width, hidden, children }: Measured, x: number, y: number): Placed => ({
  node,
  x,
  y,
  width,
  hidden,
  children: children.map((child) => ({ edge: child.edge, placed: place(child.measured, x + child.x, y + LEVEL) })),
});

/** By a list instead of calls of itself: trees may be thousands of nodes deep. */
function countBelow(root: TreeNode): number {
  let count = -1;
  const rest = [root];
  for (let node = rest.pop(); node; node = rest.pop()) {
    count++;
    for (const child of node.children ?? []) rest.push(child.node);
  }
  return count;
}

const linesOf = ({ label, detail }: TreeNode, hidden: number): string[] => [
  label,
  ...(hidden > 0 ? [`… ${hidden} more below`] : []),
  ...(detail === undefined ? [] : [detail]),
];

const depthOf = ({ children }: Placed): number =>
  children.reduce((most, { placed }) => Math.max(most, 1 + depthOf(placed)), 0);

function edges({ x, y, children }: Placed): Markup {
  return joined(
    children.flatMap(({ edge, placed }) => {
      const bottom = y + BOX;
      const middle = (bottom + placed.y) / 2;
      return [
        element('path', {
          d: `M${round(x)} ${bottom}C${round(x)} ${middle} ${round(placed.x)} ${middle} ${round(placed.x)} ${placed.y}`,
          fill: 'none',
          class: 'dn-axis',
        }),
        edges(placed),
        edge === ''
          ? undefined
          : text(placed.x + (placed.x < x ? -8 : 8), placed.y - 10, edge, {
              class: 'dn-small dn-muted',
              anchor: placed.x < x ? 'end' : 'start',
            }),
      ];
    }),
  );
}

function boxes({ node, x, y, width, hidden, children }: Placed): Markup {
  const lines = linesOf(node, hidden).slice(0, 2);
  const left = x - width / 2;
  const shade = Math.max(0, Math.min(1, node.share ?? 0)) * 0.35;
  return joined([
    element(
      'g',
      {},
      element('title', {}, linesOf(node, hidden).join(', ')),
      element('rect', {
        x: left,
        y,
        width,
        height: BOX,
        rx: (node.children ?? []).length > 0 ? 6 : 18,
        class: 'dn-surface dn-axis',
      }),
      shade > 0
        ? element('rect', {
            x: left,
            y,
            width,
            height: BOX,
            rx: (node.children ?? []).length > 0 ? 6 : 18,
            class: colorClass(node.color ?? 0),
            fill: 'currentColor',
            'fill-opacity': shade,
          })
        : undefined,
      ...lines.map((line, i) =>
        text(x, y + (lines.length === 1 ? 25 : 18 + i * 16), line, {
          anchor: 'middle',
          most: width - 12,
          class: i === 0 ? 'dn-ink dn-strong' : 'dn-small dn-muted',
        }),
      ),
    ),
    ...children.map(({ placed }) => boxes(placed)),
  ]);
}

/** The first rules in words. */
/** A rule of more steps is nothing to listen to. */
const mostSteps = 24;

function describe(root: TreeNode): string {
  const rules: string[] = [];
  const walk = (node: TreeNode, path: readonly string[]): void => {
    if (rules.length >= 12) return;
    if (node.children === undefined || node.children.length === 0) rules.push([...path, node.label].join(' → '));
    else if (path.length >= mostSteps) {
      rules.push([...path, `… ${countBelow(node) + 1} nodes more`].join(' → '));
      return;
    }
    for (const { edge = '', node: child } of node.children ?? [])
      walk(child, [...path, edge === '' ? node.label : `${node.label}: ${edge}`]);
  };
  walk(root, []);
  return `A tree of ${countBelow(root) + 1} nodes. ${rules.join('; ')}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
