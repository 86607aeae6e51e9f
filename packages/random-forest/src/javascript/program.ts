/** What the JavaScript of a forest consists of besides its numbers: text, which reads the constants that stand above it. */

/** From the root to a leaf. `values`: one a column, NaN where one is missing; of a category its code. */
export const walk = `
function leafOf(root, values) {
  let node = root;
  let word = words[node];
  while (word >= 0) {
    const value = values[word & 0xffffff];
    const left = word & 0x2000000
      ? (sets[8 * cuts[node] + (value >>> 5)] >>> (value & 31)) & 1
      : Number.isNaN(value) ? word & 0x1000000 : value <= thresholds[cuts[node]];
    node = left ? node + 1 : rights[node];
    word = words[node];
  }
  return ~word;
}
`;

/** Rows that are objects. */
export const readObjects = `
const codes = columns.map(({ categories, codes }) => new Map(categories?.map((name, i) => [name, codes[i]])));

// Its own keys and the getters of its class, not what every object has.
const has = (row, name) => Object.hasOwn(row, name) || (name in row && !(name in Object.prototype));

function valuesOf(row, i) {
  if (typeof row !== 'object' || row === null) throw new TypeError(\`row \${i} must be an object\`);
  return columns.map(({ name, kind, missing }, f) => {
    const cell = has(row, name) ? row[name] : undefined;
    const date = Object.prototype.toString.call(cell) === '[object Date]';
    if (cell === undefined || cell === null || ((typeof cell === 'number' || date) && Number.isNaN(Number(cell)))) {
      if (missing === undefined) throw new TypeError(\`row \${i}: '\${name}' must be there\`);
      return kind === 'category' ? missing : NaN;
    }
    if ((date ? 'date' : typeof cell) !== (kind === 'category' ? 'string' : kind))
      throw new TypeError(\`row \${i}: '\${name}' must be a \${kind}\`);
    const value = kind === 'category' ? codes[f].get(cell) : Number(cell);
    if (!Number.isFinite(value)) throw new RangeError(\`row \${i}: '\${name}' must be finite and seen in training\`);
    return value;
  });
}

function checkedRows(rows) {
  for (const { name } of columns)
    if (rows.length > 0 && !rows.some((row) => has(Object(row), name))) throw new TypeError(\`rows must have '\${name}'\`);
  return rows;
}
`;

/** Rows that are lists of numbers. */
export const readNumbers = `
function valuesOf(row, i) {
  const values = Array.isArray(row) ? row.flat(Infinity) : Array.from(row);
  if (values.length !== width) throw new TypeError(\`row \${i} must have \${width} numbers\`);
  return values.map((value) => {
    const stored = typeof value === 'number' ? stores(value) : NaN;
    if (!Number.isFinite(stored)) throw new RangeError(\`row \${i} must hold numbers like those of training\`);
    return stored;
  });
}

const checkedRows = (rows) => rows;
`;

/** How a number is stored before it is asked about, by the type of training. */
export const stores: Readonly<Record<'float32' | 'uint8' | 'int32', string>> = {
  float32: 'Math.fround',
  uint8: '(value) => (value === (value & 255) ? value : NaN)',
  int32: '(value) => (value === (value | 0) ? value : NaN)',
};

/** Classification: `label` and `probabilities`. */
export const classProgram = (mean: boolean): string => `
function sharesOf(row, i) {
  const values = valuesOf(row, i);
  const sums = labels.map(() => 0);
  for (const root of roots) {
    const leaf = leafOf(root, values);
    const from = (leaf - labels.length) * labels.length;
    if (leaf < labels.length) sums[leaf]++;
${
  mean
    ? '    else for (let k = 0; k < labels.length; k++) sums[k] += leaves[from + k];'
    : '    else sums[largest(leaves.subarray(from, from + labels.length))]++;'
}
  }
  return sums.map((sum) => Math.fround(sum / roots.length));
}

function largest(shares) {
  let most = 0;
  for (let k = 1; k < labels.length; k++) if (shares[k] > shares[most]) most = k;
  return most;
}

/** One label a row. */
export const predict = (rows) => checkedRows(rows).map((row, i) => labels[largest(sharesOf(row, i))]);

/** One list a row: the probability of each of the labels. */
export const predictProbabilities = (rows) => checkedRows(rows).map(sharesOf);
`;

/** Regression. */
export const numberProgram = (mean: boolean): string => `
function numberOf(row, i) {
  const values = valuesOf(row, i);
${
  mean
    ? `  let sum = 0;
  for (const root of roots) sum += leaves[leafOf(root, values)];
  return sum / roots.length;`
    : `  const given = Float64Array.from(roots, (root) => leaves[leafOf(root, values)]).sort();
  const middle = given.length >> 1;
  return given.length % 2 === 1 ? given[middle] : (given[middle - 1] + given[middle]) / 2;`
}
}

/** One number a row. */
export const predict = (rows) => checkedRows(rows).map(numberOf);
`;
