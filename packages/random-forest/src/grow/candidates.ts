/** Nodes that wait to be divided, the one with the largest decrease in front: a binary heap. Of equal ones the first that came goes first. */
import type { Open, Split } from './split-finder.ts';

export interface Candidate {
  /** Its number in the tree, which says when it came. */
  readonly node: number;
  readonly open: Open;
  readonly split: Split;
}

export class Candidates {
  private readonly heap: Candidate[] = [];

  add(candidate: Candidate): void {
    const { heap } = this;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Candidate;
      if (!isBefore(candidate, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = candidate;
  }

  /** Takes the first one out. */
  take(): Candidate | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || last === first) return first;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      const other = heap[child + 1];
      if (other !== undefined && isBefore(other, heap[child] as Candidate)) child++;
      const below = heap[child] as Candidate;
      if (!isBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  /** Those left, in the order in which they came. */
  rest(): Candidate[] {
    return this.heap.splice(0).sort((one, other) => one.node - other.node);
  }
}

const isBefore = (one: Candidate, other: Candidate): boolean =>
  one.split.decrease === other.split.decrease ? one.node < other.node : one.split.decrease > other.split.decrease;
