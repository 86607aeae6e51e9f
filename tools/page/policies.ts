// The page under policies that take something away: what its status then says must name what to send. The training is not run.
import type { Browser } from 'playwright';

interface Policy {
  readonly name: string;
  /** Headers that are changed; an empty one is as good as none. */
  readonly headers: Readonly<Record<string, string>>;
  readonly says: string;
}

const scripts = "script-src 'self' 'unsafe-inline'";
const policies: readonly Policy[] = [
  {
    name: 'no WebAssembly',
    headers: { 'content-security-policy': scripts },
    says: "add 'wasm-unsafe-eval' to script-src",
  },
  {
    name: 'no workers from blobs',
    headers: { 'content-security-policy': `${scripts} 'wasm-unsafe-eval'; worker-src 'self'` },
    says: 'one thread',
  },
  {
    name: 'not isolated',
    headers: { 'cross-origin-opener-policy': '', 'cross-origin-embedder-policy': '' },
    says: 'one thread (the page is not cross-origin isolated',
  },
];

/** @throws Error  if a policy is not met with what it should be */
export async function checkPolicies(browser: Browser, address: string): Promise<void> {
  for (const { name, headers, says } of policies) {
    const page = await browser.newPage();
    await page.route('**/*', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), ...headers } });
    });
    // Data never comes, so the status stays.
    await page.route('**/data/*', () => {});
    await page.goto(address);
    await page
      .waitForFunction((text) => document.getElementById('status')?.textContent?.includes(text), says, {
        timeout: 20_000,
      })
      .catch(async () => {
        throw new Error(`page, ${name}: its status must say "${says}", got "${await page.textContent('#status')}".`);
      });
    console.log(`page, ${name}: says what to send`);
    await page.close();
  }
}
