// What a bench gives back, and how it is printed: a table for people, and one line of JSON at the end for programs.

/** One measured line. `ratio`: how many times faster than the peer ours is. */
export interface Row {
  readonly name: string;
  /** What `ours` and `peers` count, `'µs an op'`; smaller is better. */
  readonly unit: string;
  readonly ours: number;
  readonly target?: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  /** What else belongs to this row: losses of both sides, … */
  readonly notes?: Readonly<Record<string, string | number>>;
}

/** A whole bench, as its last line says it. */
export interface Result {
  readonly bench: string;
  readonly backend: string;
  readonly threads: number;
  /** What this core can do at best, where the bench judges by it. */
  readonly gflops?: number;
  /** How many times faster than each peer: the smallest over the rows. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Peers that were looked for and not found, with the reason. */
  readonly missing: readonly { readonly peer: string; readonly why: string }[];
  readonly rows: readonly Row[];
}

/** A row with its ratios worked out. */
export function row(
  name: string,
  unit: string,
  ours: number,
  peers: Readonly<Record<string, number>>,
  more: { readonly target?: number; readonly notes?: Row['notes'] } = {},
): Row {
  const ratios = Object.fromEntries(Object.entries(peers).map(([peer, value]) => [peer, round(value / ours)]));
  return {
    name,
    unit,
    ours: round(ours),
    ...(more.target === undefined ? {} : { target: more.target }),
    peers: Object.fromEntries(Object.entries(peers).map(([peer, value]) => [peer, round(value)])),
    ratios,
    ...(more.notes === undefined ? {} : { notes: more.notes }),
  };
}

/** For each peer the smallest ratio over the rows that have it. */
export function smallestRatios(rows: readonly Row[]): Record<string, number> {
  const smallest: Record<string, number> = {};
  for (const { ratios } of rows)
    for (const [peer, ratio] of Object.entries(ratios)) smallest[peer] = Math.min(ratio, smallest[peer] ?? ratio);
  return smallest;
}

/** For each row the result of the process whose own time was the smallest. */
export function bestOf(results: readonly Result[]): Result {
  const [first] = results;
  if (first === undefined) throw new Error('bestOf(): results must hold at least one, got none.');
  const rows = first.rows.map(({ name }) => {
    const same = results.flatMap((result) => result.rows.filter((row) => row.name === name));
    return same.reduce((best, row) => (row.ours < best.ours ? row : best));
  });
  return { ...first, rows, ratios: smallestRatios(rows) };
}

/** The table for people. */
export function table({ rows, missing }: Result): string {
  const lines = rows.map(({ name, unit, ours, target, peers, ratios, notes }) => {
    const aim = target === undefined ? '' : `  (at most ${target}: ${ours <= target ? 'reached' : 'MISSED'})`;
    const beside = Object.entries(peers).map(([peer, value]) => `  ${peer} ${value} (${ratios[peer]} ×)`);
    const said = Object.entries(notes ?? {}).map(([key, value]) => `  ${key} ${value}`);
    return `${name.padEnd(34)} ${String(ours).padStart(9)} ${unit}${aim}${beside.join('')}${said.join('')}`;
  });
  return [...lines, ...missing.map(({ peer, why }) => `${peer}: missing, ${why}`)].join('\n');
}

/** Three significant digits. */
export const round = (value: number): number => Number(value.toPrecision(3));
