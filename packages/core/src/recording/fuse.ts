/** placeholder */
import type { Engine } from '../engine/engine.ts';
import type { Operand } from './recording.ts';
import type { StagedCall } from './stage.ts';
export function fuse(_e: Engine, calls: readonly StagedCall[], _r: readonly Operand[]): readonly StagedCall[] {
  return calls;
}
