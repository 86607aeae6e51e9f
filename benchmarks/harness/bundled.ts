// A program as a bundler leaves it: minified, tree-shaken, one file or several.
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

export interface Bundled {
  readonly files: readonly { readonly name: string; readonly code: string | Uint8Array }[];
  /** Bytes of all files, each compressed by itself. */
  readonly gzip: number;
}

/**
 * Bundles from the sources, so that nothing has to be built before. As on a page, what parts loaded later share lies in the entry.
 * @param options.oneFile  what is imported later lies there too. Default false
 */
export async function bundled(
  entry: string,
  platform: 'browser' | 'node',
  { oneFile = false }: { readonly oneFile?: boolean } = {},
): Promise<Bundled> {
  const conditions = ['@dendrite/source', 'module', platform === 'node' ? 'node' : 'browser', 'import', 'default'];
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions },
    ...(platform === 'node' && { ssr: { noExternal: true, resolve: { conditions } } }),
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      target: 'es2022',
      ssr: platform === 'node',
      rollupOptions: {
        input: entry,
        preserveEntrySignatures: 'allow-extension',
        output: { format: 'es', ...(oneFile && { codeSplitting: false }) },
      },
    },
  });
  const outputs = Array.isArray(result) ? result : 'output' in result ? [result] : [];
  const files = outputs.flatMap(({ output }) =>
    output.map((file) => ({ name: file.fileName, code: file.type === 'chunk' ? file.code : file.source })),
  );
  return { files, gzip: files.reduce((sum, { code }) => sum + gzipSync(code).byteLength, 0) };
}
