/** Recorded calls that were linked: one WebAssembly function for each stretch that needs no JavaScript and no other thread. */
import type { Advance, Slot } from '@dendrite/spec';
import type { Bound, RecordingHost, Table } from './recorded-calls.ts';
import { repeatModule } from './repeat-module.ts';
import { type LinkedCall, stepModule } from './step-module.ts';

/** A call alone gains nothing. */
const shortest = 2;

/** undefined: there is nothing to link here, or it cannot be done. */
export function linkCalls<K>(
  host: RecordingHost<K>,
  calls: readonly Bound<K>[],
  begin: number,
  end: number,
): LinkedCalls<K> | undefined {
  const stretches: Stretch[] = [];
  let words = 0;
  let open: Stretch | undefined;
  for (let i = begin; i < end; i++) {
    const { kind, outputs, inputs, args } = calls[i] as Bound<K>;
    const linkable = 'kernel' in kind ? host.linkable(kind.kernel) : undefined;
    if (linkable === undefined) {
      open = undefined;
      continue;
    }
    const addresses = outputs.length + inputs.length + linkable.scratches;
    if (open === undefined) {
      open = { begin: i, calls: [] };
      stretches.push(open);
    }
    open.calls.push({ phases: linkable.phases, at: 4 * words, addresses, lengths: linkable.lengths, args });
    words += addresses;
  }
  const long = stretches.filter((stretch) => stretch.calls.length >= shortest);
  if (long.length === 0) return undefined;
  const lists = long.map((stretch) => stretch.calls);
  let table: Table | undefined;
  try {
    table = host.reserve(4 * words);
    const { bytes, kernels } = stepModule(lists, table.address);
    const functions = host.link(bytes, kernels);
    const ready = long.map((stretch, r) => ({ ...stretch, run: functions[`run${r}`] as () => void }));
    return new LinkedCalls(host, calls, { begin, end, table }, ready);
  } catch {
    // No memory for it, or a kernel's function has another type than its arguments: the calls are made one by one as before.
    if (table !== undefined) host.release(table);
    return undefined;
  }
}

interface Stretch {
  readonly begin: number;
  readonly calls: LinkedCall[];
}
interface LinkedStretch extends Stretch {
  run(): void;
}

export class LinkedCalls<K> {
  readonly begin: number;
  readonly end: number;
  private readonly host: RecordingHost<K>;
  private readonly calls: readonly Bound<K>[];
  private readonly stretches: readonly LinkedStretch[];
  private readonly table: Table;
  /** Which word of the table has a call's first address; −1 for calls that are not linked. */
  private readonly words: Int32Array;
  private memory: Int32Array;
  private version = -1;
  /** Runs all calls so many times, for the operands of this list that go on. */
  private repeated: { readonly advances: readonly Advance[]; run(times: number): void } | undefined;

  constructor(
    host: RecordingHost<K>,
    calls: readonly Bound<K>[],
    { begin, end, table }: { readonly begin: number; readonly end: number; readonly table: Table },
    stretches: readonly LinkedStretch[],
  ) {
    this.host = host;
    this.calls = calls;
    this.begin = begin;
    this.end = end;
    this.table = table;
    this.stretches = stretches;
    this.words = new Int32Array(calls.length).fill(-1);
    for (const stretch of stretches)
      stretch.calls.forEach(({ at }, i) => {
        this.words[stretch.begin + i] = (table.address + at) / 4;
      });
    this.memory = new Int32Array(host.bytes());
  }

  /** All calls; `each` makes those that are not linked. */
  run(each: (begin: number, end: number) => void): void {
    let next = this.begin;
    const { stretches } = this;
    for (let s = 0; s < stretches.length; s++) {
      const { begin, calls, run } = stretches[s] as LinkedStretch;
      if (next < begin) each(next, begin);
      if (this.host.version !== this.version) this.locate();
      run();
      next = begin + calls.length;
    }
    if (next < this.end) each(next, this.end);
  }

  /** The calls so many times without JavaScript in between; false where some of them need it. */
  repeat(times: number, advances: readonly Advance[]): boolean {
    const [only] = this.stretches;
    if (only === undefined || only.calls.length < this.end - this.begin) return false;
    if (this.repeated?.advances !== advances) {
      const words = advances.map(({ call, operand, bytes }) => ({
        at: 4 * ((this.words[call] as number) + operand),
        bytes,
      }));
      const { repeat } = this.host.link(repeatModule(words), { run: only.run });
      this.repeated = { advances, run: repeat as (times: number) => void };
    }
    if (this.host.version !== this.version) this.locate();
    try {
      this.repeated.run(times);
    } catch (error) {
      this.version = -1; // Addresses are those of the step that failed.
      throw error;
    }
    return true;
  }

  /** An operand lies elsewhere from now on. */
  move(call: number, operand: number, slot: Slot): void {
    const at = this.words[call] as number;
    if (at >= 0 && this.version >= 0) this.memory[at + operand] = this.host.addressOf(slot);
  }

  dispose(): void {
    this.host.release(this.table);
  }

  /** Writes all addresses: memory has grown, or scratch has moved, as it may in here. */
  private locate(): void {
    const { host } = this;
    do {
      this.version = host.version;
      for (const { begin, calls } of this.stretches)
        calls.forEach(({ addresses }, i) => {
          const { kind, outputs, inputs, args } = this.calls[begin + i] as Bound<K>;
          if (!('kernel' in kind)) return;
          const given = host.argumentsOf(kind.kernel, outputs, inputs, args).slice(2, 2 + addresses);
          this.memory = new Int32Array(host.bytes());
          this.memory.set(given, this.words[begin + i]);
        });
    } while (this.version !== host.version);
  }
}
