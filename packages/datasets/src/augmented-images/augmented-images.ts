/** Pictures that are moved and mirrored a little, anew in each epoch: more to learn from than there is. */
import { arraySource } from '@dendrite/model';
import { uniforms } from '@dendrite/random';
import {
  type Batch,
  type BatchOptions,
  type DataSource,
  DendriteError,
  type Label,
  type Numbers,
} from '@dendrite/spec';

export interface AugmentedImagesOptions {
  /** A picture is moved by up to so many pixels in each direction; what comes in is 0. Default 2. */
  readonly shift?: number;
  /** Half of the pictures are mirrored left to right. Default false: digits and letters are not the same then. */
  readonly flip?: boolean;
}

/**
 * The source, changed where it is read shuffled, which is in training; validation, prediction and `targets()` see it as it is. What
 * is drawn is a pure function of shuffle key, epoch, batch and row in it, so that a run that goes on draws the same.
 * @param source  pictures, `[H, W]` or `[H, W, C]` each
 * @throws SHAPE  for other shapes; OPTION  for a shift that is not a whole number from 0
 * @source Simard, Steinkraus, Platt: Best practices for convolutional neural networks (2003)
 * @example
 * import { arraySource, augmentedImages } from '@dendrite/datasets';
 * const source = arraySource({ x: { data: new Uint8Array(8 * 9), shape: [8, 3, 3] }, targets: new Float32Array(8) });
 * augmentedImages(source, { shift: 1 }).rows; // 8
 */
export function augmentedImages<T extends Label>(
  source: DataSource<T>,
  options: AugmentedImagesOptions = {},
): DataSource<T> {
  const { shift = 2, flip = false } = options;
  const [height = 0, width = 0, channels = 1, ...more] = source.feature.shape;
  if (source.feature.shape.length < 2 || more.length > 0)
    throw new DendriteError(
      'SHAPE',
      `augmentedImages(): pictures must be [H, W] or [H, W, C], got [${source.feature.shape.join(', ')}]. Give the source that shape.`,
    );
  if (!Number.isInteger(shift) || shift < 0)
    throw new DendriteError(
      'OPTION',
      `augmentedImages(): shift must be a whole number of at least 0, got ${String(shift)}. Give pixels.`,
    );
  const { columns: _, ...rest } = source;
  return {
    ...rest,
    batches: (how) => (how.shuffle ? changed(source.batches(how), how.shuffle, how) : source.batches(how)),
    select: (indices) => augmentedImages(source.select(indices), options),
    async fingerprint() {
      const text = `${await source.fingerprint()} shift ${shift} flip ${flip}`;
      const bytes = new TextEncoder().encode(text);
      return arraySource({ x: { data: bytes, shape: [bytes.length] } }).fingerprint();
    },
  };

  async function* changed(
    batches: AsyncIterable<Batch>,
    shuffle: NonNullable<BatchOptions['shuffle']>,
    { epoch, skip = 0 }: BatchOptions,
  ): AsyncGenerator<Batch, void, void> {
    const key = shuffle.fork('augment').fork(epoch);
    let number = skip;
    for await (const batch of batches) {
      const drawn = uniforms(key.fork(number++), 3 * batch.rows);
      const from = batch.x.data;
      const to = from.slice().fill(0);
      for (let row = 0; row < batch.rows; row++) {
        const [down = 0, right = 0, mirror = 1] = drawn.subarray(3 * row, 3 * row + 3);
        move(from, to, row, offset(down), offset(right), flip && mirror < 0.5);
      }
      yield { ...batch, x: { data: to, shape: batch.x.shape } };
    }
  }

  /** −shift … shift, all alike. */
  function offset(u: number): number {
    return Math.floor(u * (2 * shift + 1)) - shift;
  }

  /** `to[y, x] = from[y − down, x − right]`, mirrored: `from[y − down, W − 1 − (x − right)]`. */
  function move(from: Numbers, to: Numbers, row: number, down: number, right: number, mirror: boolean): void {
    const begin = row * height * width * channels;
    for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
      for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
        const column = mirror ? width - 1 - (x - right) : x - right;
        for (let c = 0; c < channels; c++)
          to[begin + (y * width + x) * channels + c] = from[
            begin + ((y - down) * width + column) * channels + c
          ] as number;
      }
    }
  }
}
