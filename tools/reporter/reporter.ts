// The vitest reporter that ends a run with one plain line: `N passed, N failed` (`, N skipped` may follow).
import { globSync, readFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { findChromium, installChromium } from '../chromium/chromium.ts';
import { type Counts, closingLine } from './counts.ts';

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'passed' || state === 'failed') counts[state]++;
        else counts.skipped++;
      }
      // A file that fails before its first test (a syntax error, a missing import) is one failure.
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed++;
    }
    const everything = process.argv.slice(2).every((argument) => argument === 'run'); // no filter was given
    if (everything && findChromium() === undefined) {
      const missed = countBrowserTests();
      counts.skipped += missed;
      if (missed > 0)
        console.log(`\n${missed} browser tests skipped: no Chromium here. Install one: ${installChromium}`);
    }
    console.log(`\n${closingLine(counts)}`);
  }
}

/** The browser tests of the repository, counted in their text, since without a browser none can be collected. */
function countBrowserTests(): number {
  const files = globSync('packages/*/src/**/*.browser.test.ts');
  return files.reduce(
    (sum, file) => sum + (readFileSync(file, 'utf8').match(/^\s*(?:test|it)\b.*\(/gm)?.length ?? 0),
    0,
  );
}
