/** What runs how: plain data for people and docs. */
import { type BackendChoice, type Decision, definedOps, type Runtime } from '@dendrite/spec';

export interface OpSupport {
  readonly op: string;
  readonly kind: 'primitive' | 'composite' | 'expression';
  /** Languages its own kernels are written in. */
  readonly kernels: readonly string[];
  readonly gradient: 'own' | 'expression' | 'zero' | 'none';
}
export interface BackendDescription {
  readonly name: string;
  readonly details: string;
  readonly software: boolean;
  readonly dtypes: readonly string[];
  readonly languages: readonly string[];
  readonly choice: readonly BackendChoice[];
  readonly memory: { readonly live: number; readonly buffers: number; readonly pooled: number; readonly peak: number };
  /** Every op this program has defined. */
  readonly ops: readonly OpSupport[];
  /** How the signatures met so far run on this backend. */
  readonly decisions: readonly Decision[];
}

/** The runtime's backend, why it was chosen, its memory, and every op that this program has defined. */
export function describeBackends(runtime: Runtime): BackendDescription {
  const { device } = runtime;
  const ops = [...definedOps()].map((op): OpSupport => {
    const rule = op.kind === 'expression' ? op.derivatives : op.gradient;
    return {
      op: op.name,
      kind: op.kind,
      kernels: op.kind === 'expression' ? [] : Object.keys(op.kernels ?? {}),
      gradient:
        rule === 'zero'
          ? 'zero'
          : typeof rule !== 'function'
            ? 'none'
            : op.kind === 'expression'
              ? 'expression'
              : 'own',
    };
  });
  return {
    name: device.name,
    details: device.details,
    software: device.software,
    dtypes: [...device.dtypes],
    languages: device.languages,
    choice: runtime.choice,
    memory: device.memory(),
    ops,
    decisions: runtime.decisions(),
  };
}
