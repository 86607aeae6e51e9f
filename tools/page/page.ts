// `pnpm page`: opens examples/page in a Chromium, waits until it has trained LeNet-5 on MNIST, and fails unless the page shows a
// test accuracy of 97 % within a minute, on more than one thread where there is more than one core. Needs `pnpm build` first.
// The picture of the page goes to `.cache/page.png`. Then the page under policies that forbid something must say what to send.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumArguments, findChromium, installChromium } from '../chromium/chromium.ts';
import { root } from '../processes/processes.ts';
import { checkPolicies } from './policies.ts';

const limit = 60_000;
const least = 97;

if (!existsSync(join(root, 'packages/core/dist/index.js')))
  throw new Error('page: the packages must be built, got no packages/core/dist. Run pnpm build first.');
const executablePath = findChromium();
if (executablePath === undefined)
  console.log(`1 browser test skipped: no Chromium here. Install one: ${installChromium}`);
else {
  const program = ['--disable-warning=ExperimentalWarning', join(root, 'examples/page/server.ts'), '--port', '0'];
  const server = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await look(await addressOf(server.stdout), executablePath);
  } finally {
    server.kill();
  }
}

/** The first word that the server prints. */
async function addressOf(output: AsyncIterable<Buffer>): Promise<string> {
  for await (const chunk of output) return chunk.toString().split(' ')[0] ?? '';
  throw new Error('page: the server must print its address, got nothing.');
}

async function look(address: string, executablePath: string): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: [...chromiumArguments] });
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 1180 } });
    const messages: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(String(error)));
    const started = performance.now();
    await page.goto(address);
    const done = await page
      .waitForSelector('body[data-state]', { timeout: limit })
      .then((body) => body.getAttribute('data-state'))
      .catch(() => 'still training');
    const seconds = (performance.now() - started) / 1000;
    mkdirSync(join(root, '.cache'), { recursive: true });
    await page.screenshot({ path: join(root, '.cache', 'page.png'), fullPage: true });
    const text = async (id: string): Promise<string> => (await page.textContent(`#${id}`)) ?? '';
    const [accuracy, threads, speed] = [await text('accuracy'), await text('threads'), await text('speed')];
    console.log(
      `page: ${accuracy} of the test digits, ${seconds.toFixed(1)} s in all, ${speed} images a second on ${threads} threads; .cache/page.png`,
    );
    if (done !== 'tested')
      throw new Error(
        `page: it must be done within ${limit / 1000} s, got '${await text('status')}'.\n${messages.join('\n')}`,
      );
    if (!(Number.parseFloat(accuracy) >= least))
      throw new Error(`page: at least ${least} % must be right, got ${accuracy}.`);
    if (availableParallelism() > 1 && !(Number(threads) > 1))
      throw new Error(`page: there must be threads, got ${threads}.`);
    await checkPolicies(browser, address);
  } finally {
    await browser.close();
  }
}
