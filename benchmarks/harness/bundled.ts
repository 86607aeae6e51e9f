// A program as a bundler leaves it: minified, tree-shaken, one file or several.
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'vite';

export interface Bundled {
  readonly files: readonly BundledFile[];
  /** Bytes of all files, each compressed by itself. */
  readonly gzip: number;
}

export interface BundledFile {
  readonly name: string;
  readonly code: string | Uint8Array;
  /** The source map as JSON, where maps were asked for. */
  readonly map?: string;
}

/**
 * Bundles from the sources, so that nothing has to be built before. As on a page, what parts loaded later share lies in the entry.
 * @param options.oneFile  what is imported later lies there too. Default false
 * @param options.maps     with source maps, which count for nothing. Default false
 */
export async function bundled(
  entry: string,
  platform: 'browser' | 'node',
  { oneFile = false, maps = false }: { readonly oneFile?: boolean; readonly maps?: boolean } = {},
): Promise<Bundled> {
  const conditions = ['@dendrite/source', 'module', platform === 'node' ? 'node' : 'browser', 'import', 'default'];
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions },
    plugins: platform === 'node' ? [inAscii] : [],
    ...(platform === 'node' && { ssr: { noExternal: true, resolve: { conditions } } }),
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      target: 'es2022',
      ssr: platform === 'node',
      sourcemap: maps && 'hidden',
      rollupOptions: {
        input: entry,
        preserveEntrySignatures: 'allow-extension',
        output: { format: 'es', ...(oneFile && { codeSplitting: false }) },
      },
    },
  });
  const outputs = Array.isArray(result) ? result : 'output' in result ? [result] : [];
  const files = outputs.flatMap(({ output }) =>
    output.flatMap((file): BundledFile[] => {
      if (file.type !== 'chunk')
        return file.fileName.endsWith('.map') ? [] : [{ name: file.fileName, code: file.source }];
      return [{ name: file.fileName, code: file.code, ...(file.map && { map: JSON.stringify(file.map) }) }];
    }),
  );
  return { files, gzip: files.reduce((sum, { code }) => sum + gzipSync(code).byteLength, 0) };
}

/** As esbuild leaves programs for Node: a source of ASCII alone takes V8 half of the memory, and less time to read. */
const inAscii: Plugin = {
  name: 'in-ascii',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk')
        file.code = file.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
  },
};
