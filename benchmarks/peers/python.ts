// A peer in Python, in a process that lives as long as the bench: asked line by line, so that its turns interleave with ours.
// It measures its own times, so the way there and back costs nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface PythonPeer {
  /** The library that the script is about, `'torch-1.13'`. */
  readonly name: string;
  /** Its full version and how its linear algebra runs, `'1.13.1, OpenBLAS 0.3.21 … Haswell …'`. */
  readonly build: string;
  /** Sends one request. What comes back is what the script's handler gave. */
  ask<A = Readonly<Record<string, number>>>(request: PythonRequest): Promise<A>;
  close(): void;
}
export interface PythonRequest {
  /** Name of a handler; the rest are its arguments. */
  readonly do: string;
  readonly [argument: string]: unknown;
}

/**
 * Starts `peers/python/<script>`, or says why it cannot be had. Looks at PEER_PYTHON, then at Debian's own python3, then at the
 * one on the path. The process runs on as many threads as asked, and OpenBLAS chooses its kernels for this machine itself.
 */
export async function openPython(script: string, threads: number): Promise<PythonPeer | { readonly missing: string }> {
  const { PEER_PYTHON } = process.env;
  const pythons = PEER_PYTHON === undefined ? ['/usr/bin/python3', 'python3'] : [PEER_PYTHON];
  const reasons: string[] = [];
  for (const python of pythons) {
    const peer = await open(python, script, threads);
    if ('ask' in peer) return peer;
    reasons.push(`${python}: ${peer.missing}`);
  }
  return { missing: reasons.join('; ') };
}

async function open(
  python: string,
  script: string,
  threads: number,
): Promise<PythonPeer | { readonly missing: string }> {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, ...inherited } = process.env;
  const count = String(threads);
  const child: ChildProcess = spawn(python, [join(import.meta.dirname, 'python', script)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...inherited, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count },
  });
  const { stdout, stderr, stdin } = child;
  if (!stdout || !stderr || !stdin) return { missing: 'it has no pipes' };
  let complaints = '';
  stderr.on('data', (bytes: Buffer) => {
    complaints = (complaints + String(bytes)).slice(-2000);
  });
  stdin.on('error', () => {}); // its end shows in the answers
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const gone = new Promise<Error>((resolve) => child.once('error', resolve));
  const first = await Promise.race([lines.next(), gone]);
  const lastComplaint = (): string => complaints.trim().split('\n').at(-1) ?? '';
  if (first instanceof Error) return { missing: 'there is no such program' };
  if (first.done) return { missing: lastComplaint() || 'it ended at once' };
  const { name, version, blas } = JSON.parse(first.value) as Record<'name' | 'version' | 'blas', string>;
  return {
    name: `${name}-${version.split('.').slice(0, 2).join('.')}`,
    build: `${version}, ${blas}`,
    async ask<A>(request: PythonRequest): Promise<A> {
      stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await lines.next();
      if (answer.done) throw new Error(`${script}: its process ended. ${lastComplaint()}`);
      return JSON.parse(answer.value) as A;
    },
    close: () => child.kill(),
  };
}

/** Numbers as text that the scripts' `floats` and `ints` read back bit for bit. */
export const packed = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');
