/** The life of a compiled step: recorded at its first call with new shapes, checked at the next, replayed if it may be. */
import { type Buffer, DendriteError, isDendriteError, type StepNumbers, type Tensor, type Tree } from '@dendrite/spec';
import type { Engine } from '../engine/engine.ts';
import { isRecording } from '../engine/tape.ts';
import { TensorHandle } from '../engine/tensor-handle.ts';
import { stepScalars } from '../layer/step-scalars.ts';
import { leaves, rebuild } from '../tree/tree.ts';
import { Checker } from './checker.ts';
import type { CompileOptions, Step, StepStatus } from './compile.ts';
import { PackedScalars } from './packed-scalars.ts';
import { Recorder } from './recorder.ts';
import type { Recording } from './recording.ts';
import { Replay } from './replay.ts';
import { type Answer, runBody } from './run-body.ts';
import { Signature } from './signature.ts';
import { build, formOf } from './step-tree.ts';

/** Full batch, last batch, validation, prediction. */
const mostSignatures = 4;

/** A signature that this many calls did without makes room for another: so many shapes in turn do not record all the time. */
const patience = 32;

/** What is behind the functions that `compile` gave. */
export const compiledSteps: WeakMap<object, CompiledStep> = new WeakMap();

/** What one call is about. */
interface Call {
  readonly state: Tree;
  readonly batch: Tree;
  readonly numbers: StepNumbers;
}

export class CompiledStep {
  private readonly step: Step<Tree, Tree, Tree>;
  private readonly mayReplay: boolean;
  readonly integers: ReadonlySet<string>;
  readonly signatures: Signature[] = [];
  calls = 0;
  private mode: StepStatus['mode'] = 'eager';
  private reason: string | undefined = 'it has not run yet';

  constructor(step: Step<Tree, Tree, Tree>, { replay = false, integers = [], ...unknown }: CompileOptions) {
    const [strange] = Object.keys(unknown);
    if (strange !== undefined)
      throw new DendriteError(
        'OPTION',
        `compile(): options must be replay or integers, got '${strange}'. Leave it out.`,
      );
    this.step = step;
    this.mayReplay = replay;
    this.integers = new Set(integers);
  }

  get status(): StepStatus {
    const recorded = this.signatures.filter(({ recording }) => recording !== undefined);
    return {
      mode: this.mode,
      ...(this.reason !== undefined && { reason: this.reason }),
      signatures: recorded.length,
      bytes: recorded.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  dispose(): void {
    for (const signature of this.signatures.splice(0)) signature.dispose();
    this.told('eager', 'it was disposed of');
  }

  run(state: Tree, batch: Tree, numbers: StepNumbers): Answer {
    const call: Call = { state, batch, numbers };
    this.calls++;
    for (const signature of this.signatures) {
      const handles = signature.leaves(state, batch, numbers);
      if (handles === undefined) continue;
      for (const handle of handles) handle.check('compile');
      const given = signature.buffers(handles);
      if (given !== undefined) return this.follow(signature, handles, given, call);
    }
    const tensors = [...leaves(state), ...leaves(batch)].map(({ tensor }) => tensor);
    const engine = engineOf(tensors);
    if (engine?.isTracing) return this.traced(call);
    const why = this.whyEager(engine);
    if (engine === undefined || why !== undefined) return this.eagerly(why ?? '', call);
    const handles = tensors as TensorHandle[];
    for (const handle of handles) handle.check('compile');
    const scalars = new PackedScalars(engine, Object.keys(numbers), this.integers);
    const signature = new Signature(
      engine,
      formOf(state, 'state'),
      formOf(batch, 'batch'),
      handles,
      leaves(state).length,
      scalars,
    );
    this.signatures.push(signature);
    return this.follow(signature, handles, signature.buffers(handles) ?? [], call);
  }

  /** Why no recording can be made of a call like this. */
  private whyEager(engine: Engine | undefined): string | undefined {
    if (engine === undefined) return 'its tensors are of no runtime of this copy of the package';
    if (engine.device.addressing === 'whole') return `the memory of ${engine.name} cannot be planned`;
    const why = whyNotNow(engine);
    if (why !== undefined || this.makesRoom()) return why;
    return `it was called with more than ${mostSignatures} combinations of shapes, each of them again and again`;
  }

  /** Whether another signature finds room: the one that was idle longest goes, where that was long. */
  private makesRoom(): boolean {
    if (this.signatures.length < mostSignatures) return true;
    const idlest = this.signatures.reduce((one, other) => (other.lastCall < one.lastCall ? other : one));
    if (this.calls - idlest.lastCall <= patience) return false;
    this.signatures.splice(this.signatures.indexOf(idlest), 1);
    idlest.dispose();
    return true;
  }

  private follow(signature: Signature, handles: readonly TensorHandle[], given: readonly Buffer[], call: Call): Answer {
    const { engine, scalars } = signature;
    signature.lastCall = this.calls;
    if (engine.isTracing) return this.traced(call);
    const why = signature.eager ?? whyNotNow(engine);
    if (why !== undefined) return this.eagerly(why, call);
    const sent = scalars.write(call.numbers);
    if (sent !== undefined) given = [...given, sent];
    if (signature.replay !== undefined) return this.replayed(signature.replay, signature, handles, given);
    return signature.recording === undefined
      ? this.recorded(signature, call, given)
      : this.checked(signature, signature.recording, call, given);
  }

  /** Only asks what the step would do: nothing is recorded, and the state stays its owner's. */
  private traced(call: Call): Answer {
    return this.plainly({ ...call, state: rebuild(call.state, (each) => each.runtime.reshape(each, each.shape)) });
  }

  private eagerly(why: string, call: Call): Answer {
    this.told('eager', why);
    return this.plainly(call);
  }

  private plainly({ state, batch, numbers }: Call): Answer {
    const [first] = [...leaves(state), ...leaves(batch)];
    if (first === undefined)
      throw new DendriteError(
        'OPTION',
        'compile(): state and batch must hold a tensor, got none. Its runtime is where the step runs.',
      );
    const { runtime } = first.tensor;
    const names = Object.keys(numbers);
    const some = (whole: boolean): StepNumbers =>
      Object.fromEntries(
        names.flatMap((name) => (this.integers.has(name) === whole ? [[name, numbers[name] ?? 0]] : [])),
      );
    return runBody(this.step, runtime, state, batch, () => ({
      ...stepScalars(runtime, some(false)),
      ...stepScalars(runtime, some(true), { dtype: 'int32' }),
    }));
  }

  private recorded(signature: Signature, { state, batch }: Call, given: readonly Buffer[]): Answer {
    const { engine, scalars } = signature;
    const recorder = new Recorder(given);
    this.told('eager', 'this call was recorded');
    try {
      engine.session = recorder;
      const answer = runBody(this.step, engine, state, batch, () => scalars.tensors(), signature.custody);
      const recording = recorder.finish(answer);
      signature.recording = recording;
      engine.onRecording?.(recording);
      if (recording.keeps) signature.never('it keeps tensors that it does not return');
      return answer;
    } catch (error) {
      recorder.discard(engine);
      throw error;
    } finally {
      engine.session = null;
    }
  }

  private checked(signature: Signature, recording: Recording, call: Call, given: readonly Buffer[]): Answer {
    const { state, batch } = call;
    const { engine, scalars } = signature;
    signature.checker ??= planned(signature, () => new Checker(engine, recording, given));
    const { checker } = signature;
    if (checker === undefined) return this.eagerly(signature.eager ?? '', call);
    let held = false;
    try {
      checker.begin(given);
      engine.session = checker;
      const answer = runBody(this.step, engine, state, batch, () => scalars.tensors(), signature.custody);
      const difference = checker.ends(answer);
      if (difference !== undefined) signature.differs(difference);
      held = true;
      const only = !this.mayReplay || difference !== undefined ? undefined : checker.whyNoReplay;
      this.told(difference === undefined ? 'checked' : 'eager', difference ?? only);
      if (this.mayReplay && difference === undefined && only === undefined) {
        // Freed first, so that the memory is used again.
        checker.dispose();
        signature.checker = undefined;
        signature.replay = planned(
          signature,
          () => new Replay(engine, recording, given, signature.donated, signature.custody),
        );
      }
      return answer;
    } finally {
      engine.session = null;
      if (!held) signature.forget();
    }
  }

  private replayed(
    replay: Replay,
    signature: Signature,
    handles: readonly TensorHandle[],
    given: readonly Buffer[],
  ): Answer {
    let results: readonly TensorHandle[];
    try {
      results = replay.run(given);
    } finally {
      consumeState(signature, handles);
    }
    return this.answer(signature, results);
  }

  answer({ recording }: Signature, results: readonly TensorHandle[]): Answer {
    this.told('replay');
    const { stateForm, outForm } = recording as Recording;
    let at = 0;
    const next = (): Tensor => results[at++] as Tensor;
    return { state: build(stateForm, next), out: build(outForm, next) };
  }

  private told(mode: StepStatus['mode'], reason?: string): void {
    this.mode = mode;
    this.reason = reason;
  }
}

function consumeState({ donated }: Signature, handles: readonly TensorHandle[]): void {
  for (let i = 0; i < donated.length; i++) (handles[i] as TensorHandle).release('consumed');
}

/** A plan, or undefined where the device has no memory for it: the step goes on without. */
function planned<T>(signature: Signature, make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!isDendriteError(error, 'BACKEND')) throw error;
    signature.never(`its recording could not be planned: ${error.message}`);
    return undefined;
  }
}

/** Why nothing is recorded or replayed just now. */
export function whyNotNow(engine: Engine): string | undefined {
  if (isRecording()) return 'a gradient is taken through it';
  return engine.session === null ? undefined : 'it runs inside another compiled step';
}

/** The engine that all of these tensors are of. */
function engineOf(tensors: readonly Tensor[]): Engine | undefined {
  const [first] = tensors;
  if (!(first instanceof TensorHandle)) return undefined;
  return tensors.every((tensor) => tensor instanceof TensorHandle && tensor.runtime === first.runtime)
    ? first.runtime
    : undefined;
}
