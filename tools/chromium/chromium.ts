// Finds the Chromium that browser tests run in, and says how to get one. It downloads nothing.
import { accessSync, constants } from 'node:fs';

/** The line that installs a Chromium on Debian and Ubuntu. */
export const installChromium = 'apt-get install -y --no-install-recommends chromium';

/** Arguments that give a quiet Chromium with WebGPU on a software adapter. */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of a Chromium: the variable CHROMIUM where it is set, else the first usual place that holds one. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const asked = environment.CHROMIUM;
  if (asked !== undefined && asked !== '') {
    if (!isExecutable(asked)) throw new Error(`CHROMIUM must name an executable file, got ${asked}`);
    return asked;
  }
  return places.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
