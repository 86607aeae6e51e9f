/** Plans by signature: what was decided once is found again in a few comparisons. */
import type { Attributes, Decision, Device, Op } from '@dendrite/spec';
import { contentKey } from './content-key.ts';
import type { InternedSpec } from './interned-spec.ts';
import { noAttributes } from './no-attributes.ts';
import { makePlan, type Plan } from './plan.ts';
import type { TensorHandle } from './tensor-handle.ts';

/** Signatures kept for each op; a program with more distinct shapes than this plans anew now and then. */
const plansPerOp = 4096;
/** Signatures shown for each op. */
const decisionsPerOp = 16;

class Plans {
  last: Plan | null = null;
  /** The attributes object of the last call: the same object means the same content. */
  lastAttributes: Attributes = noAttributes;
  readonly byKey = new Map<string, Plan>();
}

export class PlanCache {
  private readonly device: Device;
  private readonly plans = new WeakMap<Op, Plans>();
  // The ops of the last few calls, the newest anywhere: looking through four is quicker than one look-up in a map.
  private readonly recentOps: (Op | null)[] = [null, null, null, null];
  private readonly recentPlans: Plans[] = [new Plans(), new Plans(), new Plans(), new Plans()];
  private oldest = 0;
  private readonly decided = new Map<string, Map<string, Omit<Decision, 'op' | 'signature'>>>();

  constructor(device: Device) {
    this.device = device;
  }

  /** How this call runs; decided at its first use. */
  of(op: Op, inputs: readonly TensorHandle[], attributes: Attributes): Plan {
    const { recentOps } = this;
    const at =
      recentOps[0] === op
        ? 0
        : recentOps[1] === op
          ? 1
          : recentOps[2] === op
            ? 2
            : recentOps[3] === op
              ? 3
              : this.recall(op);
    const plans = this.recentPlans[at] as Plans;
    const { last } = plans;
    if (last !== null && plans.lastAttributes === attributes && last.inputs.length === inputs.length) {
      let same = true;
      for (let i = 0; i < inputs.length; i++)
        if ((inputs[i] as TensorHandle).spec !== last.inputs[i]) {
          same = false;
          break;
        }
      if (same) return last;
    }
    let key = '';
    for (let i = 0; i < inputs.length; i++) key += `${(inputs[i] as TensorHandle).spec.id},`;
    if (attributes !== noAttributes) key += contentKey(attributes);
    let plan = plans.byKey.get(key);
    if (plan === undefined) {
      plan = makePlan(
        this.device,
        op,
        inputs.map((input) => input.spec),
        attributes,
      );
      this.note(plan);
      // It is planned anew until its kernel has come.
      if (plan.way.kind === 'decomposition' && plan.way.meanwhile) return plan;
      if (plans.byKey.size >= plansPerOp) plans.byKey.clear();
      plans.byKey.set(key, plan);
    }
    plans.last = plan;
    plans.lastAttributes = attributes;
    return plan;
  }

  /** Remembers how a signature runs, for people. */
  private note({ op, inputs, way }: Plan): void {
    const spec = ({ dtype, shape }: InternedSpec): string => `${dtype} [${shape.join(', ')}]`;
    let known = this.decided.get(op.name);
    if (known === undefined) {
      known = new Map();
      this.decided.set(op.name, known);
    }
    if (known.size >= decisionsPerOp) return;
    const label = 'executable' in way ? way.executable.label : undefined;
    known.set(inputs.map(spec).join(' × '), { way: way.kind, ...(label !== undefined && { label }) });
  }

  decisions(): readonly Decision[] {
    return [...this.decided].flatMap(([op, known]) =>
      [...known].map(([signature, made]) => ({ op, signature, ...made })),
    );
  }

  /** Puts an op's plans among the recent ones. */
  private recall(op: Op): number {
    let plans = this.plans.get(op);
    if (plans === undefined) {
      plans = new Plans();
      this.plans.set(op, plans);
    }
    const at = this.oldest;
    this.oldest = (at + 1) & 3;
    this.recentOps[at] = op;
    this.recentPlans[at] = plans;
    return at;
  }
}
