/** What filters and groups must agree on with the channels, for convolutions other than the two-dimensional op. */
import { DendriteError, type Shape } from '@dendrite/spec';

/** @throws SHAPE, OPTION  unless `filters` is `[…taps, channels / groups, count]` for this many channels */
export function checkFilters(owner: string, filters: Shape, rank: number, channels: number, groups: number): void {
  const [own = 0, count = 0] = filters.slice(-2);
  if (filters.length !== rank + 2)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): filters must have ${rank + 2} axes, […taps, channels / groups, filters], got [${filters.join(', ')}].`,
    );
  if (!Number.isInteger(groups) || groups < 1 || count % groups !== 0)
    throw new DendriteError(
      'OPTION',
      `${owner}(): groups must be a whole number that divides the filters, got ${groups} for ${count} filters.`,
    );
  if (own * groups !== channels)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): x must have ${own * groups} channels for filters [${filters.join(', ')}]${groups > 1 ? ` in ${groups} groups` : ''}, got ${channels}.`,
    );
}
