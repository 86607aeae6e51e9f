// What each module adds to a bundle: its part of every minified file is found by the source map, and compressed with what stands
// before it as the dictionary, as gzip has it at that place. So the parts add up to the compressed files, but for their headers.
import { SourceMap } from 'node:module';
import { deflateRawSync } from 'node:zlib';
import type { BundledFile } from './bundled.ts';

/** One module's part of all files. */
export interface ModuleShare {
  /** `core/src/engine/tape.ts`, from the packages' folder on. */
  readonly module: string;
  readonly minified: number;
  readonly gzip: number;
}
interface Part {
  readonly module: string;
  readonly from: number;
  to: number;
}

/** Bytes that gzip looks back. */
const window = 32_768;
/** What deflate writes for nothing. */
const empty = deflateRawSync('').byteLength;

/** @param files  with their source maps @returns the largest first */
export function moduleShares(files: readonly BundledFile[]): readonly ModuleShare[] {
  const parts = files.flatMap(({ code, map }) => {
    const text = typeof code === 'string' ? code : Buffer.from(code).toString();
    return partsOf(text, map).map(({ module, from, to }) => {
      const dictionary = Buffer.from(text.slice(Math.max(0, from - window), from));
      // zlib takes an empty dictionary for an error.
      const options = dictionary.byteLength > 0 ? { dictionary } : {};
      const part = text.slice(from, to);
      return { module, minified: part.length, gzip: deflateRawSync(part, options).byteLength - empty };
    });
  });
  return added(parts, ({ module }) => module);
}

/** The table for people: by package, then by module. */
export function sharesTable(shares: readonly ModuleShare[]): readonly string[] {
  const line = ({ module, minified, gzip }: ModuleShare): string =>
    `${module.padEnd(76)} ${String(minified).padStart(8)} ${String(gzip).padStart(8)}`;
  const packages = added(shares, ({ module }) => module.split('/')[0] ?? module);
  const heading = `${''.padEnd(76)} minified     gzip`;
  return ['', heading, ...packages.map(line), line({ ...total(shares), module: 'in all' }), '', ...shares.map(line)];
}

function added(shares: readonly ModuleShare[], by: (share: ModuleShare) => string): readonly ModuleShare[] {
  const groups = new Map<string, ModuleShare[]>();
  for (const share of shares) groups.set(by(share), [...(groups.get(by(share)) ?? []), share]);
  return [...groups].map(([module, group]) => ({ ...total(group), module })).sort((a, b) => b.gzip - a.gzip);
}
const total = (shares: readonly ModuleShare[]): Omit<ModuleShare, 'module'> => ({
  minified: shares.reduce((sum, { minified }) => sum + minified, 0),
  gzip: shares.reduce((sum, { gzip }) => sum + gzip, 0),
});

/** Runs of one module each, in order. What is no module's (imports, exports) is the bundler's. */
function partsOf(text: string, map: string | undefined): readonly Part[] {
  const source = map === undefined ? undefined : new SourceMap(JSON.parse(map));
  const parts: Part[] = [];
  let at = 0;
  for (const [row, line] of text.split('\n').entries()) {
    for (let column = 0; column < line.length; column++) {
      // A mapping begins where a word does.
      if (column > 0 && /^\w\w$/.test(line.slice(column - 1, column + 1))) continue;
      const { originalSource } = { originalSource: undefined, ...source?.findEntry(row, column) };
      const module = named(originalSource);
      const last = parts.at(-1);
      if (last?.module === module) continue;
      if (last !== undefined) last.to = at + column;
      parts.push({ module, from: at + column, to: text.length });
    }
    at += line.length + 1;
  }
  return parts;
}

/** Sources are paths from the bundle's folder; a package's own name begins behind `packages` or `node_modules`. */
const named = (source: string | undefined): string =>
  source?.replace(/^.*(packages|node_modules|benches)\//, '') ?? 'bundler';
