// What a bench gives back, and how it is printed: a table for people, and one line of JSON at the end for programs.

/** One measured line. `ratio`: how many times faster than the peer ours is. */
export interface Row {
  readonly name: string;
  /** What `ours` and `peers` count, `'µs an op'`; smaller is better. */
  readonly unit: string;
  readonly ours: number;
  /** At most so much. */
  readonly target?: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  /** Ratios that must be reached, by the beginning of a peer's name: `{ 'torch-1': 1.5 }`. */
  readonly bars?: Readonly<Record<string, number>>;
  /** The first time, with whatever is done once: its ratios do not count for the whole. */
  readonly cold?: boolean;
  /** What else belongs to this row: losses of both sides, … */
  readonly notes?: Readonly<Record<string, string | number>>;
}
/** A peer that was looked for and not found, with the reason. */
export interface Missing {
  readonly peer: string;
  readonly why: string;
}

/** A whole bench. */
export interface Result {
  readonly bench: string;
  readonly backend: string;
  readonly threads: number;
  /** What one core can do at best: fused multiply-adds on registers alone, in GFLOP/s. */
  readonly gflops?: number;
  /** How many times faster than each peer: the smallest over the rows. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly missing: readonly Missing[];
  readonly rows: readonly Row[];
  /** Lines below the table, for people alone. */
  readonly details?: readonly string[];
  /** Which CPU, which device, how the peer's library was built: for whoever reads the figures. */
  readonly conditions?: Readonly<Record<string, string | number>>;
}

/** A row with its ratios worked out. */
export function row(
  name: string,
  unit: string,
  ours: number,
  peers: Readonly<Record<string, number>>,
  { target, bars, cold, notes }: Pick<Row, 'target' | 'bars' | 'cold' | 'notes'> = {},
): Row {
  return {
    name,
    unit,
    ours: round(ours),
    ...(target === undefined ? {} : { target }),
    peers: mapValues(peers, round),
    ratios: mapValues(peers, (value) => round(value / ours)),
    ...(bars === undefined ? {} : { bars }),
    ...(cold === undefined ? {} : { cold }),
    ...(notes === undefined ? {} : { notes }),
  };
}

/** For each peer the smallest ratio over the warm rows that have it. */
export function smallestRatios(rows: readonly Row[]): Record<string, number> {
  const smallest: Record<string, number> = {};
  for (const { ratios, cold } of rows)
    for (const [peer, ratio] of Object.entries(cold ? {} : ratios))
      smallest[peer] = Math.min(ratio, smallest[peer] ?? ratio);
  return smallest;
}

/**
 * For each row the result of the process whose own time was the smallest, beside the peers that took turns with it there. A peer
 * that ran in another process only (a slow one runs once) is compared with that best time.
 */
export function bestOf(results: readonly Result[]): Result {
  const [first] = results;
  if (first === undefined) throw new Error('bestOf(): results must hold at least one, got none.');
  const rows = first.rows.map(({ name }): Row => {
    const same = results.flatMap((result) => result.rows.filter((row) => row.name === name));
    const best = same.reduce((best, row) => (row.ours < best.ours ? row : best));
    const peers: Row['peers'] = Object.assign({}, ...same.map((each) => each.peers), best.peers);
    const notes: NonNullable<Row['notes']> = Object.assign({}, ...same.map((each) => each.notes ?? {}), best.notes);
    const said = Object.keys(notes).length > 0 ? { notes } : {};
    return { ...best, ...row(name, best.unit, best.ours, peers), ...said };
  });
  const rates = results.flatMap(({ gflops }) => (gflops === undefined ? [] : [gflops]));
  const seen = new Map(results.flatMap(({ missing }) => missing.map((each) => [each.peer, each] as const)));
  return {
    ...first,
    ...(rates.length > 0 && { gflops: Math.max(...rates) }),
    ratios: smallestRatios(rows),
    missing: [...seen.values()],
    rows,
  };
}

/** The table for people. */
export function table(
  { bench, backend, threads, conditions, rows, missing, details = [] }: Result,
  processes: number,
): string {
  const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
  const judged = processes === 1 ? 'medians of one process' : `best of ${processes} processes' medians`;
  return [
    `${bench} on ${backend}, ${many(threads, 'thread')}, ${judged}`,
    ...Object.entries(conditions ?? {}).map(([key, value]) => `  ${key}: ${value}`),
    ...rows.map(line),
    ...missing.map(({ peer, why }) => `${peer}: missing, ${why}`),
    ...details,
  ].join('\n');
}

function line({ name, unit, ours, target, peers, ratios, bars = {}, notes = {} }: Row): string {
  const aim = target === undefined ? '' : `  (at most ${target}: ${ours <= target ? 'reached' : 'MISSED'})`;
  const beside = Object.entries(peers).map(([peer, value]) => {
    const ratio = ratios[peer] ?? Number.NaN;
    const bar = Object.entries(bars).find(([start]) => peer.startsWith(start))?.[1];
    const judged = bar === undefined ? '' : `, at least ${bar}: ${ratio >= bar ? 'reached' : 'MISSED'}`;
    return `  ${peer} ${value} (${ratio} ×${judged})`;
  });
  const said = Object.entries(notes).map(([key, value]) => `  ${key} ${value}`);
  return `${name.padEnd(34)} ${String(ours).padStart(9)} ${unit}${aim}${beside.join('')}${said.join('')}`;
}

/** The last line: a peer that is absent is a row that says so. */
export function lastLine({ bench, backend, threads, gflops, ratios, missing, rows, conditions }: Result): string {
  const absent = missing.map(({ peer, why }) => ({ name: peer, missing: why }));
  const rate = gflops === undefined ? {} : { gflops };
  return JSON.stringify({ bench, backend, threads, ...rate, ratios, rows: [...rows, ...absent], conditions });
}

const mapValues = (record: Readonly<Record<string, number>>, f: (value: number) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));

/** Three significant digits. */
export const round = (value: number): number => Number(value.toPrecision(3));
