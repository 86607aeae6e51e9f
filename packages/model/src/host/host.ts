/** The machine and the program that this code runs in, as files of models record them: they decide the last bits of sums. */

export interface Host {
  /** System and processor, `'linux x64, AMD EPYC 7B13'`; of a browser what it tells, which is seldom the model. */
  readonly processor: string;
  /** Program with its version: `'Node 26.10.0'`, or the browser's own words. */
  readonly runtime: string;
}

/** What of the surroundings is read, so that others can be tried. */
export interface Surroundings {
  readonly process?: {
    readonly platform: string;
    readonly arch: string;
    /** Absent in the stand-in that some bundlers give pages. */
    readonly versions?: Readonly<Record<string, string | undefined>>;
    getBuiltinModule?(name: 'node:os'): { cpus(): readonly { readonly model: string }[] };
  };
  readonly navigator?: { readonly userAgent?: string; readonly platform?: string };
}

/** Asks nothing that a page could not ask; no name of a user or a machine is in it. */
export function host({ process: program, navigator: page }: Surroundings = surroundings()): Host {
  if (program?.versions === undefined)
    return { processor: page?.platform || 'unknown', runtime: page?.userAgent || 'unknown' };
  const { platform, arch, versions } = program;
  const model = program.getBuiltinModule?.('node:os').cpus()[0]?.model.trim().replace(/\s+/g, ' ');
  const [name, key] = programs.find(([, each]) => versions[each] !== undefined) ?? ['unknown', ''];
  return {
    processor: `${platform} ${arch}${model ? `, ${model}` : ''}`,
    runtime: `${name} ${versions[key] ?? ''}`.trim(),
  };
}

/** Bun and Deno say that they are Node too. */
const programs: readonly (readonly [name: string, key: string])[] = [
  ['Bun', 'bun'],
  ['Deno', 'deno'],
  ['Node', 'node'],
];

const surroundings = (): Surroundings => ({
  ...(typeof process !== 'undefined' && { process }),
  ...(typeof navigator !== 'undefined' && { navigator }),
});
