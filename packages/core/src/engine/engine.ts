/** The runtime of this package: runs ops on one device, counts references, records tapes. Long, because a call must find all of it in one object. */
import { hostKey } from '@dendrite/random';
import {
  type Attributes,
  type BackendChoice,
  type Buffer,
  type Decision,
  DendriteError,
  type Device,
  type DType,
  type HostArray,
  type Key,
  type NestedNumbers,
  type Op,
  type Runtime,
  type Shape,
  type Synchronous,
  type Tensor,
} from '@dendrite/spec';
import { add } from '../ops/expression/arithmetic.ts';
import { fill } from '../ops/making/fill.ts';
import type { Recording } from '../recording/recording.ts';
import { functionName } from './function-name.ts';
import { hostArray } from './host-array.ts';
import { type InternedSpec, internSpec } from './interned-spec.ts';
import { KeyHandle } from './key-handle.ts';
import { atHand, expressionLoop, kernelsToLoad, loadAll, type Thunk } from './loaded-kernels.ts';
import { noAttributes } from './no-attributes.ts';
import { backwardOf, decomposes, makePlan, type Plan, tracedPlan } from './plan.ts';
import { PlanCache } from './plan-cache.ts';
import { currentScope, keepTensors, runInScope } from './scope.ts';
import type { Session } from './session.ts';
import { differentiate, isRecording, isTracked, record, withoutRecording } from './tape.ts';
import { TensorHandle, type Watched } from './tensor-handle.ts';

const noArguments: readonly number[] = Object.freeze([]);
export class Engine implements Runtime {
  readonly '~dendrite' = 'runtime' as const;
  readonly api = 1;
  readonly device: Device;
  readonly choice: readonly BackendChoice[];
  private readonly plans: PlanCache;
  private tensors = 0;
  private readonly registry: FinalizationRegistry<Watched>;
  closed = false;
  /** Ops only say what their outputs would be. */
  isTracing = false;
  /** Kernels that traced calls would run by and that are not there; null: nobody asks. */
  private missing: Set<Thunk> | null = null;
  /** Kernels are loaded for what is about to run alone. */
  private readonly asNeeded: boolean;
  /** Of the compiled step that is running. */
  session: Session | null = null;
  /** Told of every recording that is made. */
  onRecording: ((recording: Recording) => void) | null = null;

  constructor(device: Device, choice: readonly BackendChoice[], kernels: 'all' | 'as needed' = 'all') {
    this.asNeeded = kernels === 'as needed';
    this.device = device;
    this.choice = choice;
    this.plans = new PlanCache(device);
    this.registry = new FinalizationRegistry((watched) => {
      if (!watched.ended) this.dropped(watched.buffer);
    });
  }

  get name(): string {
    return this.device.name;
  }

  async load(trial?: () => unknown): Promise<void> {
    if (trial === undefined || !this.asNeeded) return loadAll(kernelsToLoad(this.device));
    // A kernel that is there may refuse a call, which then needs others.
    for (let missing = this.missingFor(trial); missing.size > 0; missing = this.missingFor(trial))
      await loadAll(missing);
  }

  tensor<const S extends Shape = Shape>(
    data: NestedNumbers | HostArray | readonly boolean[],
    shape?: S,
    dtype?: DType,
  ): Tensor<S> {
    // A device whose memory the host sees copies at once; others, and recordings, need an array that stays.
    const host = hostArray(data, shape, dtype, !this.device.hostVisible || this.session !== null);
    const spec = internSpec(host.shape, host.dtype);
    if (!this.device.dtypes.has(spec.dtype))
      throw new DendriteError(
        'DTYPE',
        `tensor(): dtype must be one that ${this.name} has (${[...this.device.dtypes].join(', ')}), got ${spec.dtype}. Pass another dtype, or use the cpu backend.`,
      );
    const planned = this.session === null ? null : this.session.followUpload(spec, host.data);
    if (planned !== null) return planned as TensorHandle<S>;
    const tensor = this.allocate(spec);
    this.device.upload(tensor, host.data);
    if (this.session !== null) this.session.uploaded(tensor, host.data);
    return tensor as TensorHandle<S>;
  }

  key(seed: number): Key {
    return new KeyHandle(this, hostKey(seed).words);
  }

  run(
    op: Op,
    inputs: readonly Tensor[],
    attributes: Attributes = noAttributes,
    args: readonly number[] = noArguments,
  ): readonly Tensor[] {
    const recording = isRecording();
    let tracked = false;
    let ending = -1;
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i] as TensorHandle;
      if (input?.runtime !== this) this.refuse(op, input);
      if (input.end !== null) input.check(functionName(op.name));
      if (recording && isTracked(input)) tracked = true;
      if (input.isLastUse) ending = i;
    }
    const handles = inputs as readonly TensorHandle[];
    if (this.isTracing) return this.traced(op, inputs as readonly TensorHandle[], attributes, args, tracked);
    if (this.session !== null) {
      const followed = this.session.follow(op, handles, attributes, args);
      if (followed?.outputs) return this.finish(followed.plan, handles, followed.outputs, attributes, args, tracked);
      if (followed) return this.decompose(followed.plan, handles, attributes, args, tracked);
    }
    const plan = this.plans.of(op, handles, attributes);
    if (plan.way.kind === 'decomposition') {
      if (this.session !== null) this.session.ran(plan, handles, null, args);
      return this.decompose(plan, handles, attributes, args, tracked);
    }

    const count = plan.outputs.length;
    const outputs = new Array<TensorHandle>(count);
    const taken = ending < 0 ? null : this.takeOver(plan, handles, ending, tracked);
    if (taken !== null) outputs[0] = taken;
    else for (let j = 0; j < count; j++) outputs[j] = this.allocate(plan.outputs[j] as InternedSpec);
    try {
      if (plan.executable !== null) this.device.dispatch(plan.executable, outputs, handles, args);
      else if (plan.way.kind === 'native') plan.way.native.run(outputs, handles, attributes, args);
    } catch (error) {
      for (const output of outputs) output.release('disposed');
      throw error;
    }
    if (this.session !== null) this.session.ran(plan, handles, outputs, args);
    return this.finish(plan, handles, outputs, attributes, args, tracked);
  }

  reshape(x: Tensor, shape: Shape, offset = 0): Tensor {
    const tensor = this.own(x, 'reshape');
    tensor.check('reshape');
    const spec = internSpec(shape, tensor.dtype);
    if (
      !(offset >= 0 && offset + spec.size <= tensor.size) ||
      (this.device.addressing === 'whole' && spec.size !== tensor.size)
    )
      throw new DendriteError(
        'SHAPE',
        `reshape(): a view must lie inside its tensor${this.device.addressing === 'whole' ? ` and cover it on ${this.name}` : ''}, got [${spec.shape.join(', ')}] from element ${offset} of [${tensor.shape.join(', ')}]. Use slice().`,
      );
    return this.handle(tensor.buffer, tensor.offset + offset, spec);
  }

  differentiate<A>(
    leaves: readonly Tensor[],
    f: (leaves: readonly Tensor[]) => { readonly loss: Tensor; readonly aux: A },
  ): { readonly value: Tensor; readonly gradients: readonly Tensor[]; readonly aux: A } {
    return differentiate(
      this,
      leaves.map((leaf) => this.own(leaf, 'grad')),
      f,
    );
  }

  trace<T>(f: () => Synchronous<T>): T {
    const { isTracing, session } = this;
    this.isTracing = true;
    this.session = null;
    try {
      return f();
    } finally {
      this.isTracing = isTracing;
      this.session = session;
    }
  }
  untracked<T>(f: () => T): T {
    return withoutRecording(f);
  }
  scope<T>(f: () => Synchronous<T>): T {
    return runInScope<T>(f as () => T, 'scope');
  }
  keep<T>(value: T): T {
    return keepTensors(value);
  }

  decisions(): readonly Decision[] {
    return this.plans.decisions();
  }
  live(): { readonly tensors: number; readonly buffers: number; readonly bytes: number } {
    const memory = this.device.memory();
    return { tensors: this.tensors, buffers: memory.buffers, bytes: memory.live };
  }

  async dispose(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.device.dispose();
  }

  // ── for the other files of this folder ──

  /** `tensor` as a handle of this engine. @throws OPTION if it is none, or another runtime's. */
  own(tensor: Tensor | undefined, operation: string): TensorHandle {
    if (tensor instanceof TensorHandle && tensor.runtime === this) return tensor;
    if (tensor?.['~dendrite'] === 'tensor')
      throw new DendriteError(
        'OPTION',
        `${operation}(): tensors must share one runtime, got one of ${tensor.runtime.name === this.name ? `another ${this.name} runtime` : `${tensor.runtime.name} for ${this.name}`}. Copy it: runtime.tensor(await x.data(), x.shape).`,
      );
    throw new DendriteError(
      'OPTION',
      `${operation}(): value must be a tensor, got ${describe(tensor)}. Make one with tensor(…).`,
    );
  }

  /** A second handle on the same bytes, in no scope. */
  alias(tensor: TensorHandle): TensorHandle {
    const alias = this.looseHandle(tensor.buffer, tensor.offset, tensor.spec);
    alias.node = tensor.node;
    alias.output = tensor.output;
    return alias;
  }

  /** Gives a handle to the innermost scope, or to the collector's watch. */
  adopt(tensor: TensorHandle): TensorHandle {
    const scope = currentScope();
    if (scope !== null) scope.push(tensor);
    else this.watch(tensor);
    return tensor;
  }

  /** Outside any scope: freed by the collector if nobody disposes it. */
  watch(tensor: TensorHandle): void {
    if (tensor.watched !== null || tensor.end !== null) return;
    const watched: Watched = { buffer: tensor.buffer, ended: false };
    tensor.watched = watched;
    this.registry.register(tensor, watched);
  }

  /** A handle let go of its reference. */
  dropped(buffer: Buffer): void {
    this.tensors--;
    this.letGo(buffer);
  }

  /** One reference less. */
  letGo(buffer: Buffer): void {
    if (--buffer.references !== 0 || this.closed) return;
    if (this.session !== null) this.session.freed(buffer);
    this.device.free(buffer);
  }

  /** A handle on a buffer that is there already. */
  handle(buffer: Buffer, offset: number, spec: InternedSpec): TensorHandle {
    return this.adopt(this.looseHandle(buffer, offset, spec));
  }
  /** One that is in no scope and not watched. */
  looseHandle(buffer: Buffer, offset: number, spec: InternedSpec): TensorHandle {
    buffer.references++;
    this.tensors++;
    return new TensorHandle(this, buffer, offset, spec);
  }

  full(spec: InternedSpec, value: number): Tensor {
    return withoutRecording(() => fill(this, spec, value));
  }
  sum(a: Tensor, b: Tensor): Tensor {
    return add(a, b);
  }

  /** How a call would run, for `describeBackends`. */
  planOf(op: Op, specs: readonly InternedSpec[], attributes: Attributes): Plan {
    return makePlan(this.device, op, specs, attributes);
  }

  private traced(
    op: Op,
    inputs: readonly TensorHandle[],
    attributes: Attributes,
    args: readonly number[],
    tracked: boolean,
  ): readonly Tensor[] {
    const plan = tracedPlan(
      op,
      inputs.map(({ spec }) => spec),
      attributes,
    );
    if (this.missing !== null) {
      if (op.kind === 'expression') this.planFormula(op, inputs, attributes, this.missing);
      else if (decomposes(this.device, plan, this.missing))
        return this.decompose(plan, inputs, attributes, args, tracked);
    }
    const outputs = plan.outputs.map((spec) => this.allocate(spec));
    return this.finish(plan, inputs, outputs, attributes, args, tracked);
  }

  /** The plan that the real run will find: what its device cannot lower needs the loop. */
  private planFormula(op: Op, inputs: readonly TensorHandle[], attributes: Attributes, missing: Set<Thunk>): void {
    if (atHand(expressionLoop) !== undefined || !this.device.languages.includes('js')) return;
    try {
      this.plans.of(op, inputs, attributes);
    } catch {
      // What else may be wrong with it, the real run says.
      missing.add(expressionLoop);
    }
  }

  private missingFor(trial: () => unknown): Set<Thunk> {
    const missing = new Set<Thunk>();
    this.missing = missing;
    try {
      this.trace(() =>
        runInScope(() => {
          trial();
        }, 'load'),
      );
    } catch {
      // What is wrong with it, the real run says.
    } finally {
      this.missing = null;
    }
    return missing;
  }

  /** The call's one output in the memory of an input that nobody else reads; null where it must have its own. */
  private takeOver(plan: Plan, inputs: readonly TensorHandle[], which: number, tracked: boolean): TensorHandle | null {
    const { executable, outputs } = plan;
    const { buffer, offset, spec } = inputs[which] as TensorHandle;
    const fits = outputs.length === 1 && outputs[0] === spec && offset === 0 && buffer.references === 1;
    if (!fits || executable?.inPlace !== true || this.device.renew === undefined) return null;
    // What a tape holds must stay.
    if (
      tracked &&
      backwardOf(plan)
        ?.saves((1 << inputs.length) - 1)
        .inputs.includes(which)
    )
      return null;
    return this.handle(this.device.renew(buffer), 0, spec);
  }

  private allocate(spec: InternedSpec): TensorHandle {
    if (this.closed)
      throw new DendriteError(
        'DISPOSED',
        `runtime ${this.name}: must be open, got a disposed one. Make another with createRuntime().`,
      );
    const buffer = this.device.allocate(spec.bytes);
    buffer.references = 1;
    this.tensors++;
    const tensor = new TensorHandle(this, buffer, 0, spec);
    const scope = currentScope();
    if (scope !== null) scope.push(tensor);
    else this.watch(tensor);
    return tensor;
  }

  private finish(
    plan: Plan,
    inputs: readonly TensorHandle[],
    outputs: readonly TensorHandle[],
    attributes: Attributes,
    args: readonly number[],
    tracked: boolean,
  ): readonly Tensor[] {
    if (tracked) {
      const backward = backwardOf(plan);
      if (backward !== null) record(backward, inputs, outputs, plan.inputs, plan.outputs, attributes, args);
    }
    if (plan.visible === outputs.length) return outputs;
    for (let j = plan.visible; j < outputs.length; j++) (outputs[j] as TensorHandle).release('disposed');
    return outputs.slice(0, plan.visible);
  }

  private decompose(
    plan: Plan,
    inputs: readonly TensorHandle[],
    attributes: Attributes,
    args: readonly number[],
    tracked: boolean,
  ): readonly Tensor[] {
    const { op } = plan;
    if (op.kind !== 'composite') throw new DendriteError('BACKEND', `${op.name}: only composites decompose.`);
    const outputs = withoutRecording(() =>
      runInScope(
        () =>
          op.decompose(inputs, attributes, args).map((made, j) => {
            const tensor = this.own(made, op.name);
            const spec = plan.outputs[j];
            if (tensor.spec !== spec)
              throw new DendriteError(
                'SHAPE',
                `${op.name}: its decomposition must give ${spec?.dtype} [${spec?.shape.join(', ')}] as output ${j}, got ${tensor.dtype} [${tensor.shape.join(', ')}]. Mend the op.`,
              );
            // An input passed through, or one tensor given twice, must become a handle of its own.
            const own = this.adopt(this.alias(tensor));
            own.node = null;
            return own;
          }),
        op.name,
      ),
    );
    return this.finish(plan, inputs, outputs, attributes, args, tracked);
  }

  private refuse(op: Op, input: Tensor | undefined): never {
    const operation = functionName(op.name);
    this.own(input, operation);
    throw new DendriteError('OPTION', `${operation}(): value must be a tensor.`);
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object' && 'then' in value) return 'a promise';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
