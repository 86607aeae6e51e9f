/** A worker of a page: reads which files to judge and on which backend, and posts what it found. */
import { Machine, openRuntime } from '../reference/machine.ts';
import { type FolderReport, runFiles } from '../reference/run-files.ts';

export interface ReferenceTask {
  /** What the files hold, by their names without `.json`. */
  readonly texts: Readonly<Record<string, string>>;
  readonly backend: Parameters<typeof openRuntime>[0];
}
export interface ReferenceFound {
  readonly details: string;
  readonly lines: readonly string[];
  readonly report?: FolderReport;
}

async function run({ texts, backend }: ReferenceTask): Promise<ReferenceFound> {
  const runtime = await openRuntime(backend);
  const { details } = runtime.device;
  const lines: string[] = [];
  const { report } = await runFiles(texts, new Machine(runtime), (line) => lines.push(line));
  await runtime.dispose();
  return { details, lines, report };
}

self.onmessage = ({ data }: MessageEvent<ReferenceTask>) => {
  run(data).then(
    (found) => self.postMessage(found),
    (error: unknown) => self.postMessage({ details: '', lines: [String(error)] } satisfies ReferenceFound),
  );
};
