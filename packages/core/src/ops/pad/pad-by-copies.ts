/** Borders that repeat what is inside: reflected, mirrored, stretched or wrapped around. */
import { DendriteError, type Tensor } from '@dendrite/spec';
import { gather } from '../gather/gather.ts';

/** What a border holds; `constant` is the op `pad` itself. */
export type PadMode = 'constant' | 'reflect' | 'symmetric' | 'edge' | 'wrap';

/** For `abc`: reflect `cb|abc|ba`, symmetric `ba|abc|cb`, edge `aa|abc|cc`, wrap `bc|abc|ab`; and so on beyond the length. */
const sources: Readonly<Record<Exclude<PadMode, 'constant'>, (place: number, length: number) => number>> = {
  edge: (place, length) => Math.min(Math.max(place, 0), length - 1),
  wrap: (place, length) => ((place % length) + length) % length,
  reflect: (place, length) => {
    const period = Math.max(1, 2 * (length - 1));
    const at = ((place % period) + period) % period;
    return at < length ? at : period - at;
  },
  symmetric: (place, length) => {
    const at = ((place % (2 * length)) + 2 * length) % (2 * length);
    return at < length ? at : 2 * length - 1 - at;
  },
};

export const padModes: readonly PadMode[] = ['constant', ...(Object.keys(sources) as Exclude<PadMode, 'constant'>[])];

/** One gather for each axis that grows. @throws SHAPE  where there is nothing to repeat */
export function padByCopies(
  x: Tensor,
  before: readonly number[],
  after: readonly number[],
  mode: Exclude<PadMode, 'constant'>,
): Tensor {
  let made = x;
  x.shape.forEach((length, axis) => {
    const [front, behind] = [before[axis] as number, after[axis] as number];
    if (front === 0 && behind === 0) return;
    if (length === 0)
      throw new DendriteError(
        'SHAPE',
        `pad(): an axis must have elements to be padded with '${mode}', got length 0 at axis ${axis} of [${x.shape.join(', ')}]. Use mode 'constant'.`,
      );
    const from = Int32Array.from({ length: front + length + behind }, (_, i) => sources[mode](i - front, length));
    made = gather(made, x.runtime.tensor(from, [from.length]), { axis });
  });
  return made;
}
