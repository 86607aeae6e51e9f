/** What a gradient rule may read of the call it goes back through. */
import { type Attributes, DendriteError, type GradientContext, type Tensor } from '@dendrite/spec';
import type { TapeNode } from './tape.ts';
import type { TensorHandle } from './tensor-handle.ts';

/** `fewNeeds[n][mask][i]`: whether bit i is set, for calls of at most four inputs. */
const fewNeeds: readonly (readonly (readonly boolean[])[])[] = [0, 1, 2, 3, 4].map((n) =>
  Array.from({ length: 1 << n }, (_, mask) => Array.from({ length: n }, (_, i) => (mask & (1 << i)) !== 0)),
);

interface MutableContext extends GradientContext {
  dy: readonly (Tensor | null)[];
  needs: readonly boolean[];
  attributes: Attributes;
  args: readonly number[];
}

/**
 * What gradient rules see, one object for a whole backward pass: `move` points it at the next node. Functions, not methods:
 * rules take them apart.
 */
export class GradientReader {
  private node: TapeNode;
  private readonly level: number;
  readonly context: MutableContext;

  constructor(node: TapeNode, level: number) {
    this.node = node;
    this.level = level;
    this.context = {
      dy: [],
      needs: [],
      attributes: node.attributes,
      args: node.args,
      input: (i) => this.saved(this.node.savedInputs, this.node.saves.inputs, i, 'input'),
      output: (i) => this.saved(this.node.savedOutputs, this.node.saves.outputs, i, 'output'),
      spec: (i) => {
        const spec = this.node.inputSpecs[i];
        if (spec === undefined)
          throw new DendriteError('OPTION', `gradient of ${this.node.backward.name}: there is no input ${i}.`);
        return spec;
      },
    };
  }

  move(node: TapeNode, dy: readonly (Tensor | null)[]): MutableContext {
    const { context, level } = this;
    const { inputs } = node;
    const few = fewNeeds[inputs.length];
    let mask = 0;
    if (few !== undefined) for (let i = 0; i < inputs.length; i++) if ((inputs[i]?.level ?? 0) >= level) mask |= 1 << i;
    const needs = few?.[mask] ?? inputs.map((input) => (input?.level ?? 0) >= level);
    this.node = node;
    context.dy = dy;
    context.needs = needs;
    context.attributes = node.attributes;
    context.args = node.args;
    return context;
  }

  private saved(tensors: readonly TensorHandle[], which: readonly number[], i: number, kind: string): Tensor {
    const tensor = tensors[which.indexOf(i)];
    if (tensor === undefined)
      throw new DendriteError(
        'OPTION',
        `gradient of ${this.node.backward.name}: ${kind} ${i} must be declared in saves.${kind}s to be read.`,
      );
    return tensor;
  }
}
