import { expect, test } from 'vitest';
import { closingLine, readClosingLine } from './counts.ts';

test('a closing line names skipped tests only where there are some', () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(closingLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

test('the last closing line of a text is read, and only a whole line counts', () => {
  expect(readClosingLine('1 passed, 0 failed\nnoise\n7 passed, 2 failed, 4 skipped\n')).toEqual({
    passed: 7,
    failed: 2,
    skipped: 4,
  });
  expect(readClosingLine('task: 7 passed, 2 failed')).toBeUndefined();
  expect(readClosingLine('')).toBeUndefined();
});
