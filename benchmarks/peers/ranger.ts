// ranger in R, in a process that lives as long as the bench; asked line by line, it measures its own times.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface RangerPeer {
  readonly name: string;
  ask(request: {
    readonly do: string;
    readonly [argument: string]: unknown;
  }): Promise<Readonly<Record<string, number>>>;
  close(): void;
}

/** Or why it cannot be had. */
export async function openRanger(): Promise<RangerPeer | { readonly missing: string }> {
  const child = spawn('Rscript', [join(import.meta.dirname, 'r', 'ranger.R')], { stdio: ['pipe', 'pipe', 'ignore'] });
  const gone = new Promise<'gone'>((resolve) => child.once('error', () => resolve('gone')));
  child.stdin.on('error', () => {}); // its end shows in the answers
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), gone]);
  if (first === 'gone') return { missing: 'there is no Rscript' };
  if (first.done) return { missing: 'R has no package ranger' };
  return {
    name: `ranger-${first.value}`,
    async ask(request) {
      // One line of `name=value` pairs, which R reads without a library.
      child.stdin.write(
        `${Object.entries(request)
          .map(([key, value]) => `${key}=${value}`)
          .join('\t')}\n`,
      );
      const answer = await lines.next();
      if (answer.done) throw new Error('ranger.R: its process ended.');
      const [ms, nodes] = answer.value.split(' ').map(Number);
      return { ms: ms ?? Number.NaN, nodes: nodes ?? Number.NaN, depth: Number.NaN };
    },
    close: () => child.kill(),
  };
}
