/**
 * The tape: what must be known to go backwards. A node is one op call that depends on a leaf; it holds what its rule saves and
 * nothing else, and lets go of it as soon as the rule has run.
 *
 * Nesting (gradients of gradients): an inner tape's leaves are stand-ins whose nodes point at the outer tape's nodes. When the
 * inner one is done, the outer adopts its nodes, because the inner backward pass used their values.
 */
import { type Attributes, DendriteError, type GradientRule, type Tensor } from '@dendrite/spec';
import type { Engine } from './engine.ts';
import { GradientReader } from './gradient-reader.ts';
import type { InternedSpec } from './interned-spec.ts';
import { currentScope, runInScope, visitTensors } from './scope.ts';
import type { TensorHandle } from './tensor-handle.ts';

export interface Tape {
  readonly depth: number;
  nodes: TapeNode[];
  open: boolean;
}

/** How to go back through one call. */
export interface Backward {
  readonly name: string;
  readonly rule: GradientRule | { readonly none: string };
  /** What the rule reads when it is asked for the inputs in `mask` (bit i: input i). */
  saves(mask: number): Saves;
  /** The rule gives back or frees all it makes: it needs no scope of its own. */
  readonly tidy?: boolean;
}
export interface Saves {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export interface TapeNode {
  readonly backward: Backward;
  /** Depth of the deepest open tape whose leaves it depends on. */
  level: number;
  tape: Tape;
  readonly inputs: readonly (TapeNode | null)[];
  /** Which output of `inputs[i]` it is; null where it is the first of each. */
  readonly inputOutputs: readonly number[] | null;
  readonly inputSpecs: readonly InternedSpec[];
  readonly outputSpecs: readonly InternedSpec[];
  readonly attributes: Attributes;
  readonly args: readonly number[];
  readonly saves: Saves;
  readonly savedInputs: readonly TensorHandle[];
  savedOutputs: readonly TensorHandle[];
  /** Cotangents gathered so far, one an output. */
  cotangents: (Tensor | null)[] | null;
}

const savesNothing: Saves = { inputs: [], outputs: [] };
const leafBackward: Backward = { name: 'leaf', rule: ({ dy }) => dy, saves: () => savesNothing };

let depth = 0;
/** Tapes up to this depth are paused: what depends on their leaves alone is a constant. */
let paused = 0;
const tapes: Tape[] = [];

/** Whether anything is being recorded. */
export const isRecording = (): boolean => depth > paused;

/** Runs `f` without recording; a gradient taken inside is recorded for itself. */
export function withoutRecording<T>(f: () => T): T {
  const before = paused;
  paused = depth;
  try {
    return f();
  } finally {
    paused = before;
  }
}

/** Whether a gradient is being taken that depends on this tensor. */
export const isTracked = ({ node }: TensorHandle): boolean => node?.tape.open === true && node.level > paused;

/**
 * Notes a call whose inputs are tracked, and marks its outputs. The specs are the call's own, as its plan holds them: a node
 * shares them.
 */
export function record(
  backward: Backward,
  inputs: readonly TensorHandle[],
  outputs: readonly TensorHandle[],
  inputSpecs: readonly InternedSpec[],
  outputSpecs: readonly InternedSpec[],
  attributes: Attributes,
  args: readonly number[],
): void {
  const tape = tapes[depth - 1];
  if (tape === undefined) return;
  let level = 0;
  let mask = 0;
  const nodes = new Array<TapeNode | null>(inputs.length);
  let inputOutputs: number[] | null = null;
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i] as TensorHandle;
    const node = isTracked(input) ? input.node : null;
    nodes[i] = node;
    if (node === null) continue;
    if (input.output !== 0) (inputOutputs ??= inputs.map(() => 0))[i] = input.output;
    mask |= 1 << i;
    if (node.level > level) level = node.level;
  }
  const saves = backward.saves(mask);
  const node: TapeNode = {
    backward,
    level,
    tape,
    inputs: nodes,
    inputOutputs,
    inputSpecs,
    outputSpecs,
    attributes,
    args,
    saves,
    savedInputs: save(saves.inputs, inputs),
    savedOutputs: nothing,
    cotangents: null,
  };
  tape.nodes.push(node);
  for (let j = 0; j < outputs.length; j++) {
    const output = outputs[j] as TensorHandle;
    if (output.spec.dtype !== 'float32' && output.spec.dtype !== 'float64') continue;
    output.node = node;
    output.output = j;
  }
  // After the marks: a saved output must lead back to this node for second derivatives.
  if (saves.outputs.length > 0) node.savedOutputs = save(saves.outputs, outputs);
}

const nothing: readonly TensorHandle[] = [];
function save(which: readonly number[], from: readonly TensorHandle[]): readonly TensorHandle[] {
  if (which.length === 0) return nothing;
  const saved = new Array<TensorHandle>(which.length);
  for (let i = 0; i < which.length; i++) {
    const tensor = from[which[i] as number] as TensorHandle;
    saved[i] = tensor.runtime.alias(tensor);
  }
  return saved;
}

function letGo(node: TapeNode): void {
  const { savedInputs, savedOutputs } = node;
  for (let i = 0; i < savedInputs.length; i++) savedInputs[i]?.release('disposed');
  for (let i = 0; i < savedOutputs.length; i++) savedOutputs[i]?.release('disposed');
  node.cotangents = null;
}

/** See `Runtime.differentiate`. */
export function differentiate<A>(
  engine: Engine,
  leaves: readonly TensorHandle[],
  f: (leaves: readonly Tensor[]) => { readonly loss: Tensor; readonly aux: A },
): { readonly value: Tensor; readonly gradients: readonly Tensor[]; readonly aux: A } {
  for (const leaf of leaves) {
    leaf.check('grad');
    if (leaf.dtype !== 'float32' && leaf.dtype !== 'float64')
      throw new DendriteError(
        'DTYPE',
        `grad(): parameters must be float32 or float64, got ${leaf.dtype} of shape [${leaf.shape.join(', ')}]. Keep it outside the parameters.`,
      );
  }
  const mine = depth + 1;
  const tape: Tape = { depth: mine, nodes: [], open: true };
  const close = (): void => {
    tape.open = false;
    for (const node of tape.nodes) letGo(node);
    tape.nodes = [];
  };
  try {
    return runInScope(() => {
      depth = mine;
      tapes[mine - 1] = tape;
      let leafNodes: readonly TapeNode[];
      let result: { readonly loss: Tensor; readonly aux: A };
      try {
        const standIns = leaves.map((leaf) => standIn(engine, leaf, tape));
        leafNodes = standIns.map((each) => each.node as TapeNode);
        result = runInScope(() => f(standIns), 'grad');
      } finally {
        depth = mine - 1;
        tapes.length = mine - 1;
      }
      const loss = engine.own(result?.loss, 'grad');
      if (loss.spec.size !== 1 || (loss.dtype !== 'float32' && loss.dtype !== 'float64'))
        throw new DendriteError(
          'SHAPE',
          `grad(): the function must return one float number, got ${loss.dtype} of shape [${loss.shape.join(', ')}]. Reduce it, for example with mean() or sum().`,
        );
      const outer = mine - 1 > paused ? tapes[mine - 2] : undefined;
      if (outer !== undefined)
        return { value: loss, gradients: handOver(engine, loss, tape, leafNodes, outer), aux: result.aux };
      const gradients = backward(engine, loss, tape.nodes, leafNodes, mine, false);
      // Results of a finished tape must not hold on to it.
      visitTensors([loss, result.aux], (tensor) => {
        if (tensor.node?.tape === tape) tensor.node = null;
      });
      return { value: loss, gradients, aux: result.aux };
    }, 'grad');
  } finally {
    close();
  }
}

/** The outer tape adopts the nodes of the inner one, whose backward pass it records. */
function handOver(
  engine: Engine,
  loss: TensorHandle,
  tape: Tape,
  leafNodes: readonly TapeNode[],
  outer: Tape,
): readonly Tensor[] {
  const { nodes } = tape;
  const begin = outer.nodes.length;
  for (const node of nodes) {
    node.tape = outer;
    outer.nodes.push(node);
  }
  tape.nodes = [];
  try {
    return backward(engine, loss, nodes, leafNodes, tape.depth, true);
  } finally {
    // To a later inner tape of the same depth these are the outer's: it must not go back through them.
    for (let n = begin; n < outer.nodes.length; n++) {
      const node = outer.nodes[n] as TapeNode;
      node.level = Math.min(node.level, outer.depth);
      node.cotangents = null;
    }
  }
}

/** The same value under a node of this tape; an outer tape goes on through it. */
function standIn(engine: Engine, leaf: TensorHandle, tape: Tape): TensorHandle {
  const tensor = engine.adopt(engine.alias(leaf));
  const parent = isTracked(leaf) ? leaf.node : null;
  const node: TapeNode = {
    backward: leafBackward,
    level: tape.depth,
    tape,
    inputs: [parent],
    inputOutputs: leaf.output === 0 ? null : [leaf.output],
    inputSpecs: [leaf.spec],
    outputSpecs: [leaf.spec],
    attributes: {},
    args: [],
    saves: savesNothing,
    savedInputs: nothing,
    savedOutputs: nothing,
    cotangents: null,
  };
  tape.nodes.push(node);
  tensor.node = node;
  tensor.output = 0;
  return tensor;
}

function backward(
  engine: Engine,
  loss: TensorHandle,
  nodes: readonly TapeNode[],
  leafNodes: readonly TapeNode[],
  level: number,
  keep: boolean,
): readonly Tensor[] {
  const start = loss.node;
  const gradients = new Map<TapeNode, Tensor>();
  if (start !== null && start.level >= level) {
    start.cotangents = start.outputSpecs.map(() => null);
    start.cotangents[loss.output] = engine.full(loss.spec, 1);
    const leaves = new Set(leafNodes);
    const reader = new GradientReader(start, level);
    const scope = currentScope() ?? [];
    for (let n = nodes.length - 1; n >= 0; n--) {
      const node = nodes[n] as TapeNode;
      const dy = node.cotangents;
      if (dy === null) {
        if (!keep) letGo(node);
        continue;
      }
      node.cotangents = null;
      if (node.backward === leafBackward && leaves.has(node)) {
        const gradient = dy[0];
        if (gradient) gradients.set(node, gradient);
        continue;
      }
      const { rule, name } = node.backward;
      if (typeof rule !== 'function')
        throw new DendriteError(
          'OPTION',
          `grad(): every op on the way must have a gradient, got ${name}, which has none: ${rule.none}. Put stopGradient() before it, or leave it out of the loss.`,
        );
      const context = reader.move(node, dy);
      const begin = scope.length;
      const found = node.backward.tidy ? rule(context) : runInScope(() => rule(context), 'grad');
      for (let i = 0; i < node.inputs.length; i++) {
        const input = node.inputs[i];
        const cotangent = found[i];
        if (!cotangent) continue;
        if (!input || input.level < level) {
          if (isFresh(cotangent, i, found, scope, begin)) cotangent.dispose();
          continue;
        }
        const spec = node.inputSpecs[i] as InternedSpec;
        const given = engine.own(cotangent, 'grad');
        if (given.spec !== spec)
          throw new DendriteError(
            'SHAPE',
            `grad(): the gradient rule of ${name} must return ${spec.dtype} [${spec.shape.join(', ')}] for input ${i}, got ${given.dtype} [${given.shape.join(', ')}]. Mend the rule.`,
          );
        input.cotangents ??= input.outputSpecs.length === 1 ? [null] : input.outputSpecs.map(() => null);
        const at = node.inputOutputs === null ? 0 : (node.inputOutputs[i] as number);
        const before = input.cotangents[at] ?? null;
        // A slot owns its handle; but a rule may return dy itself, one tensor twice, a saved one, or one from outside.
        const fresh = isFresh(given, i, found, scope, begin);
        if (before !== null) {
          input.cotangents[at] = engine.sum(before, given);
          before.dispose();
          if (fresh) given.dispose();
        } else input.cotangents[at] = fresh ? given : engine.adopt(engine.alias(given));
      }
      for (let j = 0; j < dy.length; j++) dy[j]?.dispose();
      if (!keep) letGo(node);
    }
  }
  return leafNodes.map((node) => gradients.get(node) ?? engine.full(node.outputSpecs[0] as InternedSpec, 0));
}

/**
 * Whether the rule made this tensor and gave it once: then nobody else holds the handle, and it may be moved, or freed. What it
 * made stands in the scope from `begin` on. Plain loops: this runs for every cotangent.
 */
function isFresh(
  tensor: Tensor,
  i: number,
  found: readonly (Tensor | null)[],
  scope: readonly Tensor[],
  begin: number,
): boolean {
  for (let j = 0; j < found.length; j++) if (j !== i && found[j] === tensor) return false;
  for (let j = scope.length - 1; j >= begin; j--) if (scope[j] === tensor) return true;
  return false;
}
