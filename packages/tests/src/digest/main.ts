// `pnpm digest [--threads 1,2,3] [--rows 333] [--batch 64] [--epochs 3] [--plain]`: trains LeNet-5 once for each number of threads
// and prints the sha256 of its weights. Exit code 1 unless all are equal.
import { endWith, flags } from '../flags/flags.ts';
import { weightsDigest } from './weights-digest.ts';

const help = `digest [--threads 1,2,3] [--rows 333] [--batch 64] [--epochs 3] [--plain]

Trains LeNet-5 once for each number of threads and prints the sha256 of its weights. Exit code 1 unless all are equal.`;
const { values } = flags({
  help,
  options: {
    threads: { type: 'string', default: '1,2,3' },
    rows: { type: 'string', default: '333' },
    batch: { type: 'string', default: '64' },
    epochs: { type: 'string', default: '3' },
    plain: { type: 'boolean', default: false },
  },
});
const whole = (flag: 'threads' | 'rows' | 'batch' | 'epochs', text: string, most: number): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  return endWith(help, `--${flag} must be whole numbers from 1 to ${most}, got '${text}'`);
};
const threadCounts = values.threads.split(',').map((text) => whole('threads', text, 64));
const rows = whole('rows', values.rows, 60_000);
const batch = whole('batch', values.batch, 60_000);
const epochs = whole('epochs', values.epochs, 1000);
console.log(`LeNet-5, ${rows} digits in batches of ${batch}, the last of ${rows % batch || batch}, ${epochs} epochs`);
const seen = new Set<string>();
for (const threads of threadCounts) {
  const started = performance.now();
  const { sha256, details, loss } = await weightsDigest({ threads, relaxed: !values.plain, rows, batch, epochs });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`threads ${threads}  sha256 ${sha256}  (${details}; loss ${loss.toFixed(4)}, ${seconds} s)`);
  seen.add(sha256);
}
console.log(seen.size === 1 ? 'all equal' : `DIFFERENT: ${seen.size} digests`);
process.exitCode = seen.size === 1 ? 0 : 1;
