// One root vitest for every package: a `node` project, and a `browser` project where a Chromium is found.
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type ViteUserConfigExport } from 'vitest/config';
import './tools/kernels/fresh-kernels.ts';
import { chromiumArguments, findChromium } from './tools/chromium/chromium.ts';
import { SlowestFirst } from './tools/sequencer/slowest-first.ts';
import { webgpuEnvironment } from './tools/webgpu/swiftshader.ts';

// Test processes are started after this, so that WebGPU opens in them without a GPU.
Object.assign(process.env, webgpuEnvironment('alone'));

const conditions = ['@dendrite/source'];
const resolve = { conditions: [...conditions, 'module', 'browser', 'development|production'] };
const ssr = {
  resolve: { conditions: [...conditions, 'module', 'node', 'development|production'], externalConditions: conditions },
};
const chromium = findChromium();
/** Some tests train for seconds: a busy machine must not fail them. */
const testTimeout = 60_000;

const node = {
  resolve: { conditions: ssr.resolve.conditions },
  ssr,
  test: {
    name: 'node',
    environment: 'node' as const,
    testTimeout,
    include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'examples/**/*.test.ts', 'benchmarks/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts', '**/node_modules/**', '**/dist/**'],
    // Packages are excluded from bundling by vitest, so plain Node must know the condition too.
    execArgv: ['--conditions=@dendrite/source'],
  },
};

const browser = {
  resolve,
  // Both headers together make the page cross-origin isolated: SharedArrayBuffer works in it.
  server: { headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' } },
  test: {
    name: 'browser',
    testTimeout,
    include: ['packages/*/src/**/*.browser.test.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: chromium ?? '', args: [...chromiumArguments] } }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
};

const config: ViteUserConfigExport = defineConfig({
  test: {
    // A worker for each core: the default leaves one idle, which of two is half of the machine.
    maxWorkers: '100%',
    sequence: { sequencer: SlowestFirst },
    projects: chromium === undefined ? [node] : [node, browser],
    reporters: ['default', './tools/reporter/reporter.ts'],
  },
});

export default config;
