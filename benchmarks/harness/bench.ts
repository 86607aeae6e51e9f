// What `pnpm bench` knows of a bench: one row of the table in main.ts.
import type { Result } from './result.ts';

/** What a bench is told. */
export interface BenchOptions {
  /** A name of `openRuntime`. */
  readonly backend: string;
  readonly threads: number;
  /** Fewer rounds, and slow peers take a few steps only: for a look, and for a machine that others wait for. */
  readonly short: boolean;
  /** Only rows whose name contains this, in benches of many rows. */
  readonly only?: string | undefined;
  /** Only these peers, in benches of training steps; all without it. */
  readonly peers?: readonly string[] | undefined;
  /** What each module adds to a bundle, in benches of sizes. */
  readonly modules: boolean;
  /** Also what each call of a replayed step takes. */
  readonly parts?: boolean;
  /** Which of the fresh processes this is, from 0. Peers that take minutes run in the first one alone. */
  readonly process: number;
}
export interface Bench {
  readonly what: string;
  /** Fresh processes, unless asked otherwise. */
  readonly processes: number;
  /** Unless asked otherwise. */
  readonly backend: string;
  /** Measures in this process. */
  run(options: BenchOptions): Promise<Result>;
}
