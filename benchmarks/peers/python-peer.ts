// A peer in Python: a process that lives as long as the bench and is asked line by line, so that its turns interleave with ours.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface PythonPeer {
  readonly version: string;
  /** Sends one request; the answer's numbers. */
  ask(request: object): Promise<Readonly<Record<string, number>>>;
  close(): void;
}

/**
 * A script of this folder that prints `{ "version": … }` and then answers. Looks at PEER_PYTHON, then at Debian's own python3,
 * then at the one on the path. One thread, and BLAS chooses its own kernels, whatever this process was told.
 */
export async function openPythonPeer(script: string): Promise<PythonPeer | { readonly missing: string }> {
  const pythons = [process.env.PEER_PYTHON, '/usr/bin/python3', 'python3'].filter((python) => python !== undefined);
  for (const python of pythons) {
    const peer = await open(python, script);
    if (peer) return peer;
  }
  return { missing: `${script} does not run on ${pythons.join(', ')}` };
}

async function open(python: string, script: string): Promise<PythonPeer | undefined> {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...env } = process.env;
  const child: ChildProcess = spawn(python, [join(import.meta.dirname, script)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const { stdout, stdin } = child;
  if (!stdout || !stdin) return undefined;
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const gone = new Promise<undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
  });
  const first = await Promise.race([lines.next(), gone]);
  if (first === undefined || first.done) return undefined;
  return {
    version: (JSON.parse(first.value) as { version: string }).version,
    async ask(request) {
      stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await lines.next();
      if (answer.done) throw new Error(`${script}: its process ended.`);
      return JSON.parse(answer.value) as Record<string, number>;
    },
    close: () => child.kill(),
  };
}
