/** A saved forest as the text of a JavaScript module that predicts by itself: no package, no file beside it, nothing evaluated here. */
import type { SavedModel } from '@dendrite/spec';
import { type OpenForest, openForest } from '../saved/open-forest.ts';
import { version } from '../version.ts';
import { forestData } from './forest-data.ts';
import { classProgram, numberProgram, readNumbers, readObjects, stores, walk } from './program.ts';

/**
 * The text of an ES module with `predict(rows)` and, for classes, `predictProbabilities(rows)` and `labels`: the answers of the
 * forest, to the bit. Rows are objects with the columns of training (a number, text, boolean or Date each, `null` where one is
 * missing), or lists of numbers where training had plain numbers. Wrong rows throw TypeError or RangeError and are named.
 * @param file  what `save` gave, or its bytes
 * @throws FORMAT  for a file that is damaged or holds no forest
 * @example
 * import { randomForestClassifier } from '@dendrite/random-forest';
 * import { toJavaScript } from '@dendrite/random-forest/to-javascript';
 * const rows = Array.from({ length: 60 }, (_, i) => ({ petal: i, kind: i < 30 ? 'short' : 'long' }));
 * const forest = await randomForestClassifier({ trees: 5 }).fit({ rows, target: 'kind' });
 * const text = toJavaScript(await forest.save());
 * const { predict } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
 * predict([{ petal: 3 }, { petal: 55 }]); // ['short', 'long']
 */
export function toJavaScript(file: Uint8Array | SavedModel): string {
  const open = openForest(file, 'toJavaScript()');
  const { forest, labels, settings, values } = open;
  const { roots, words, cuts, rights, thresholds, sets, leaves } = forestData(forest);
  const classes = labels.length > 0;
  const mean = settings.combine === 'mean';
  const parts = [
    `// A forest of ${roots.length} trees with ${words.length} nodes. Written by @dendrite/random-forest ${version}.`,
    ...(classes ? [`export const labels = ${literal(labels)};`] : []),
    ...(values ? [`const width = ${forest.bins.length};`, `const stores = ${stores[values.dtype]};`] : []),
    ...(values ? [] : [`const columns = ${literal(columnsOf(open))};`]),
    `const roots = ${list(roots)};`,
    `const words = new Int32Array(${list(words)});`,
    `const cuts = new Int32Array(${list(cuts)});`,
    `const rights = new Int32Array(${list(rights)});`,
    `const thresholds = ${list(thresholds)};`,
    ...(sets.length > 0 ? [`const sets = new Int32Array(${list(sets)});`] : ['const sets = [];']),
    `const leaves = new ${classes ? 'Float32Array' : 'Float64Array'}(${list(leaves)});`,
  ];
  const reading = values ? readNumbers : readObjects;
  return `${parts.join('\n')}\n${walk}${reading}${classes ? classProgram(mean) : numberProgram(mean)}`;
}

/** What is told of a column; `missing` is left out where a missing value is an error. */
function columnsOf({ columns, forest, settings }: OpenForest): readonly object[] {
  return columns.map(({ name, kind, categories }, f) => {
    const { missing = -1, codes } = forest.bins[f] ?? {};
    return {
      name,
      kind,
      ...(settings.missing === 'learn' && missing >= 0 && { missing }),
      ...(categories && { categories, codes: categories.map((_, code) => codes?.[code] ?? code) }),
    };
  });
}

/** Names and labels are strangers' texts: as JSON, with nothing in it that ends a script or a line. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
/** Every number comes back as the same bits; −0 is told from 0. */
function list(numbers: Iterable<number>): string {
  return `[${Array.from(numbers, (value) => (Object.is(value, -0) ? '-0' : String(value))).join(',')}]`;
}
