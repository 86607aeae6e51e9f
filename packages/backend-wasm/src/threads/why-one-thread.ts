/** Whether there can be workers here. Apart from what starts them, which is loaded only where there can. */

/** Why there can be but one thread; empty where there can be more. */
export function whyOneThread(): string {
  if (typeof SharedArrayBuffer === 'undefined' || globalThis.crossOriginIsolated === false)
    return 'the page is not cross-origin isolated: send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';
  if (nodeWorkers()) return '';
  if (typeof process !== 'undefined' && process.versions?.node !== undefined) return 'threads need Node 22.3 or newer';
  if (typeof document !== 'undefined')
    return 'the main thread of a page may not wait for others: use it in a worker for more';
  return typeof Worker === 'undefined' ? 'this host starts no workers' : '';
}

/** Asked for by name at run time, so that a bundler for browsers sees no module of Node. */
export function nodeWorkers(): typeof import('node:worker_threads') | undefined {
  return typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:worker_threads');
}
