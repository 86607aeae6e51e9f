/**
 * Where threads meet: the first 8 kB of the shared memory. A job is a phase of a kernel in parts; whoever is awake takes one after
 * another by counting `left` down, and nobody waits for a thread that has taken none: a sleeping worker costs its waking alone.
 * The caller takes the first parts and workers the last, so that what a thread wrote in one job is mostly what it reads in the next
 * and still in its cache.
 * The rest of a job is written before `left` rises and read after a part was taken, so it never changes while it is read.
 */

/** Bytes that the block takes. */
export const controlBytes = 8192;

/** Places of the 32-bit words. Words that different threads write lie on cache lines of their own. */
export const place = {
  /** `onePart` for each part that nobody has taken, and how many the caller has taken; may fall below 0. Workers sleep on it. */
  left: 16,
  /** Parts that workers have finished. The caller sleeps on it. */
  finished: 32,
  /** Workers that sleep, or are about to. */
  sleepers: 48,
  /** 1 while the caller sleeps. */
  callerSleeps: 49,
  /** Workers that have started. */
  started: 50,
  /** Number of the thread whose part failed; 0 if none did. Its message: length, then characters. */
  failed: 51,
  message: 1536,
  /** The job: where its module stands, which of the module's functions; units, units of a part. */
  slot: 64,
  entry: 65,
  units: 66,
  part: 67,
  /** How many arguments there are behind begin and end; which of them is the thread's own scratch (−1: none), bytes a thread. */
  count: 68,
  scratchArgument: 69,
  scratchStride: 70,
  /** Arguments as 64-bit floats: the place of the first, in floats. */
  numbers: 64,
  /** Four words a module: version (0: none), address and length of its bytes, nothing. */
  slots: 512,
} as const;

/** What a part is worth in `left`. */
export const onePart = 65536;
/** Parts of a job at most. */
export const mostParts = 32767;
/** Arguments behind begin and end at most; a job with more is run by the caller alone. */
export const mostNumbers = 128;
/** Characters of a message at most. */
export const mostCharacters = 400;
