// What `npm test` checks, in order: one row a step. To add a check, add a script to the root package.json and a row here.

/** One step of the check. */
export interface Step {
  /** The script of the root package.json that does it. */
  script: string;
  /** What it shows, in a few words. */
  what: string;
  /** `one`: the step is one check, by its exit code. `tests`: its closing line is counted test by test. */
  counts: 'one' | 'tests';
  /** Print its output when it passed too. */
  show?: boolean;
}

/** Every step; a failed one does not stop those after it. */
export const steps: readonly Step[] = [
  { script: 'build', what: 'every package compiles to what is published', counts: 'one' },
  { script: 'typecheck', what: 'sources, tests and tools under strict TypeScript', counts: 'one' },
  { script: 'lint', what: 'biome: format and rules', counts: 'one' },
  { script: 'layers', what: 'arrows between packages point down only', counts: 'one' },
  {
    script: 'powers',
    what: 'shipped code runs no text, and reaches no network, disk or page but where it is named',
    counts: 'one',
  },
  { script: 'deps-listed', what: 'run-time dependencies are those that were decided on', counts: 'one' },
  { script: 'versions', what: 'versions that files record are those of the packages', counts: 'one' },
  { script: 'scope', what: 'what docs/scope.md names is there', counts: 'one', show: true },
  {
    script: 'support',
    what: 'docs/support-matrix.md says how each op runs on cpu and wasm',
    counts: 'one',
    show: true,
  },
  { script: 'packages', what: 'publint and attw on the packed tarballs', counts: 'one' },
  { script: 'sizes', what: 'gzip per package', counts: 'one', show: true },
  { script: 'page', what: 'a page without a bundler trains LeNet-5 on MNIST', counts: 'one', show: true },
  { script: 'unit', what: 'all tests, in Node and in a browser where there is one', counts: 'tests', show: true },
  {
    script: 'mutants',
    what: 'the kits kill every broken kernel, gradient, optimizer and model',
    counts: 'one',
    show: true,
  },
  { script: 'fuzz', what: '10,000 damaged files are read or refused, in bounded memory', counts: 'one', show: true },
  { script: 'wrong-use', what: 'wrong calls teach', counts: 'one' },
  { script: 'consumer', what: 'the packed packages work in an empty project', counts: 'one', show: true },
  { script: 'crash-smoke', what: 'killed trainings end with the bits of undisturbed ones', counts: 'one', show: true },
  { script: 'smoke', what: 'LeNet-5 learns in 30 steps', counts: 'one', show: true },
];
