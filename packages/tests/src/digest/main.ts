// `pnpm digest [--threads 1,2,3] [--rows 333] [--batch 64] [--epochs 3] [--plain]`: trains LeNet-5 once for each number of threads
// and prints the sha256 of its weights. Exit code 1 unless all are equal.
import { parseArgs } from 'node:util';
import { weightsDigest } from './weights-digest.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '1,2,3' },
    rows: { type: 'string', default: '333' },
    batch: { type: 'string', default: '64' },
    epochs: { type: 'string', default: '3' },
    plain: { type: 'boolean', default: false },
  },
});
const [rows, batch, epochs] = [Number(values.rows), Number(values.batch), Number(values.epochs)];
console.log(`LeNet-5, ${rows} digits in batches of ${batch}, the last of ${rows % batch || batch}, ${epochs} epochs`);
const seen = new Set<string>();
for (const threads of values.threads.split(',').map(Number)) {
  const started = performance.now();
  const { sha256, details, loss } = await weightsDigest({ threads, relaxed: !values.plain, rows, batch, epochs });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`threads ${threads}  sha256 ${sha256}  (${details}; loss ${loss.toFixed(4)}, ${seconds} s)`);
  seen.add(sha256);
}
console.log(seen.size === 1 ? 'all equal' : `DIFFERENT: ${seen.size} digests`);
process.exitCode = seen.size === 1 ? 0 : 1;
