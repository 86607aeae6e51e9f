/**
 * Every case of every op and of its gradient, bit for bit, on one thread and on two and three that share all they can, with relaxed
 * SIMD and plain. That the values are right is for the op kit; here only that threads do not change them.
 */
import { checkSameBits, makeInput } from '@dendrite/conformance';
import { expect, test } from 'vitest';
