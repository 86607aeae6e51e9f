// The short form of each example about training: it fails where the metric is not better than its baseline.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test.each<readonly [example: string, says: readonly RegExp[]]>([
  ['growing', [/12 arrays keep their bits/, /params\.3\.inner\.0\.weight/, /it answers its probe/]],
  ['depth', [/ 12 +yes /]],
  ['dead-relus', [/bias −10 +100\.0 % +100\.0 %/]],
])(
  '%s',
  (example, says) => {
    const program = ['--conditions=@dendrite/source', join(import.meta.dirname, '..', example, 'main.ts'), '--short'];
    const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/accuracy on test images: [\d.]+ %; .+: [\d.]+ %/);
    for (const each of says) expect(stdout).toMatch(each);
    expect(status).toBe(0);
  },
  60_000,
);
