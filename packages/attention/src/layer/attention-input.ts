/** What attention layers take: a sequence alone, or named parts with masks. */
import { DendriteError, type Tensor, type Tree } from '@dendrite/spec';

/** Masks among a layer's inputs; true = may be seen. */
export type InputMasks = {
  /** bool, broadcasting to the scores `[B, heads, T, S]`. */
  readonly mask?: Tensor;
  /** bool `[B, S]`; true = a real key. */
  readonly keyMask?: Tensor;
  /** int32 `[B]`; keys from there on are padding. */
  readonly keyLengths?: Tensor;
};

/** The masks among named parts. */
export const masksOf = ({ mask, keyMask, keyLengths }: InputMasks): InputMasks => ({
  ...(mask && { mask }),
  ...(keyMask && { keyMask }),
  ...(keyLengths && { keyLengths }),
});

/** Whether a tree is a single tensor. */
export const isTensor = (tree: Tree): tree is Tensor => '~dendrite' in tree && tree['~dendrite'] === 'tensor';

/** @throws SHAPE  unless it is `[batch, tokens, width]` */
export function checkSequence(owner: string, what: string, shape: readonly number[]): void {
  if (shape.length !== 3)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): ${what} must be [batch, tokens, width], got [${shape.join(', ')}]. Token codes go through embedding() first.`,
    );
}
