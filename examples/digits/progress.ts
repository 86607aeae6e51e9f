/** The progress bar, and what it showed: the report draws its learning curves from it. */
import type { ProgressEvent } from '@dendrite/spec';
import cliProgress from 'cli-progress';

export interface Progress {
  show(event: ProgressEvent): void;
  stop(): void;
}

const format = '{bar} {percentage} % | loss {loss} | accuracy {accuracy}{validation} | {speed} images/s | {left} left';

/** A bar that draws itself again in a terminal, and prints a line every ten seconds into a file or a pipe. */
export function progressBar(): Progress {
  const bar = new cliProgress.SingleBar(
    { format, barsize: 24, noTTYOutput: true, notTTYSchedule: 10_000, fps: 8, emptyOnZero: true },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  let shown = { loss: '…', accuracy: '…', validation: '', speed: '…', left: '…' };
  return {
    show({ unit, done, of, seconds, examples, metrics }) {
      const validated = metrics['validation.accuracy'];
      if (validated !== undefined) {
        shown = { ...shown, validation: ` | validation ${percent(validated)}` };
        if (started) bar.update(shown);
      }
      if (unit !== 'batch') return;
      shown = {
        ...shown,
        loss: metrics.loss?.toFixed(4) ?? '…',
        accuracy: percent(metrics.accuracy),
        speed: seconds > 0 ? Math.round(examples / seconds).toLocaleString('en') : '…',
        left: done > 0 ? clock((seconds / done) * (of - done)) : '…',
      };
      if (!started) bar.start(of, 0, shown);
      started = true;
      bar.update(done, shown);
    },
    stop() {
      if (started) bar.stop();
    },
  };
}

const percent = (share: number | undefined): string => (share === undefined ? '…' : `${(100 * share).toFixed(1)} %`);

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
