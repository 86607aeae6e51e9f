// The vitest reporter that ends a run with one plain line: `N passed, N failed` (`, N skipped` may follow).
import { globSync } from 'node:fs';
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
    if (findChromium() === undefined && process.argv.length <= 3) {
      const files = globSync('packages/*/src/**/*.browser.test.ts').length;
      counts.skipped += files;
      if (files > 0)
        console.log(`\n${files} browser test files skipped, no Chromium here. Install one: ${installChromium}`);
    }
    console.log(`\n${closingLine(counts)}`);
  }
}
