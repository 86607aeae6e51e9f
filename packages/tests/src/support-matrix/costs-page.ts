/** The recorded costs: a file of measurements, and the part of the support matrix that shows them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Cost } from './costs.ts';

interface Recorded {
  readonly date: string;
  readonly machine: string;
  readonly costs: readonly Cost[];
}
const file = new URL('./costs.json', import.meta.url);

/** Keeps what was measured just now. */
export function recordCosts(costs: readonly Cost[]): void {
  const recorded: Recorded = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, one thread, Node ${process.versions.node}`,
    costs,
  };
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
}

const ratio = ({ ms, besideMs }: Cost): number => ms / besideMs;

/** The dearest first. */
export const costLines = (costs: readonly Cost[]): readonly (readonly string[])[] =>
  costs
    .toSorted((a, b) => ratio(b) - ratio(a))
    .map((cost) => [
      ...[cost.use, `${cost.ms} ms`, cost.beside, `${cost.besideMs} ms`, ratio(cost).toFixed(2)],
      cost.tfjsMs === undefined ? '–' : `${cost.tfjsMs} ms`,
    ]);

/** The part of the page. */
export function costsPage(): string {
  const { date, machine, costs } = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
  const lines = [['use', 'wasm', 'beside it', '', 'times', 'tfjs-wasm'], Array.from({ length: 6 }, () => '---')];
  return `
## What ops without a kernel of their own cost

On wasm, beside a kernel that does as much arithmetic or moves as much memory; more than 1.5 times would be worth a kernel. The last
column is the same use on tfjs-wasm. \`pnpm support-matrix --costs --write\` measured this on ${date} (${machine}).

${[...lines, ...costLines(costs)].map((line) => `| ${line.join(' | ')} |`).join('\n')}
`;
}
