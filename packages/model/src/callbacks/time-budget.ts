/** Ends a run after so many seconds. */
import { type Callback, DendriteError } from '@dendrite/spec';

/**
 * The unit in hand is finished, so a run takes a little longer. Seconds of a run that goes on count on. Its result depends on the machine's speed.
 * @throws OPTION  unless seconds are above 0
 */
export function timeBudget({ seconds }: { readonly seconds: number }): Callback {
  if (!(seconds > 0)) throw new DendriteError('OPTION', `timeBudget(): seconds must be above 0, got ${seconds}.`);
  return {
    name: 'timeBudget',
    config: { seconds },
    on(event, run) {
      if (event.seconds >= seconds) run.stop(`the time budget of ${seconds} s is used up`);
    },
  };
}
