// `pnpm sizes`: kB of each published package as a consumer's bundler leaves it, minified and gzipped.
// `own` is the package alone, `whole` with the packages of ours that it needs; third-party packages are left out.
// Needs `pnpm build` first. Everything a package exports is kept, so an application that uses a part ships less.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { type PublicPackage, publicPackages } from '../processes/processes.ts';

console.log(
  `${'package'.padEnd(16)} ${'own kB gzip'.padStart(12)} ${'whole kB gzip'.padStart(14)} ${'whole kB'.padStart(10)}`,
);
for (const part of publicPackages()) {
  const own = await bundle(part, true);
  const whole = await bundle(part, false);
  console.log(
    `${part.name.padEnd(16)} ${kB(own.gzip).padStart(12)} ${kB(whole.gzip).padStart(14)} ${kB(whole.raw).padStart(10)}`,
  );
}

async function bundle({ folder, manifest }: PublicPackage, alone: boolean): Promise<{ raw: number; gzip: number }> {
  const isExternal = (id: string): boolean =>
    !/^[./\0]/.test(id) && (alone || !id.startsWith('@dendrite/')) && id !== entry;
  const entry = 'virtual:everything';
  const entries = Object.entries(manifest.exports ?? {}).filter(([path]) => path !== './package.json');
  const text = entries.map(([path, target], index) => {
    const file = JSON.stringify(join(folder, builtFile(target)));
    return path === '.' ? `export * from ${file};` : `export * as part${index} from ${file};`;
  });
  const result = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? `\0${id}` : null),
        load: (id) => (id === `\0${entry}` ? text.join('\n') : null),
      },
    ],
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      target: 'es2022',
      rollupOptions: { input: entry, external: isExternal, preserveEntrySignatures: 'strict' },
    },
  });
  const outputs = Array.isArray(result) ? result : 'output' in result ? [result] : [];
  let raw = 0;
  let gzip = 0;
  for (const file of outputs.flatMap(({ output }) => output)) {
    const code = file.type === 'chunk' ? file.code : file.source;
    raw += Buffer.byteLength(code);
    gzip += gzipSync(code).byteLength;
  }
  return { raw, gzip };
}

/** What an export leads to once it is built. */
function builtFile(target: unknown): string {
  if (typeof target === 'string') return target;
  if (typeof target === 'object' && target !== null && 'default' in target) return builtFile(target.default);
  throw new Error(`sizes: an export must have a default, got ${JSON.stringify(target)}`);
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
