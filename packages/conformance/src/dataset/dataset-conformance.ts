/** The data set kit: every row once, in an order that the key and the epoch alone decide. */
import type { Batch, DataSource, HostKey } from '@dendrite/spec';
import { sameShape } from '../compare/compare.ts';
import { check, type ExpectedFailures, type KitCase, withExpectedFailures } from '../kit/kit-case.ts';

export interface DatasetKit {
  /** A key of a seed: `hostKey` of `@dendrite/random`. */
  key(seed: number): HostKey;
  /** At least 8 rows, which may not all be equal. Default 4. */
  readonly batchSize?: number;
  readonly expectedFailures?: ExpectedFailures;
}

interface ReadOptions {
  readonly size?: number;
  readonly epoch?: number;
  readonly shuffle?: HostKey;
  readonly skip?: number;
}

/**
 * Cases for any `DataSource`: each row comes once, in an order that key and epoch alone decide; `skip` resumes exactly; `select`,
 * targets, labels and the fingerprint agree with the rows; two readers do not disturb each other.
 * @param make  the same data each time, at least 8 rows
 */
export function datasetConformance(make: () => DataSource | Promise<DataSource>, kit: DatasetKit): readonly KitCase[] {
  const { batchSize = 4 } = kit;

  /** Each row as text: its values and its target. */
  const rowsOf = ({ rows, x, y }: Batch): string[] => {
    const size = rows === 0 ? 0 : x.data.length / rows;
    return Array.from(
      { length: rows },
      (_, row) => `${Array.from(x.data.subarray(row * size, (row + 1) * size)).join()}|${y?.[row]}`,
    );
  };
  const read = async (
    source: DataSource,
    { size = batchSize, epoch = 0, ...rest }: ReadOptions = {},
  ): Promise<string[][]> => {
    const batches: string[][] = [];
    for await (const batch of source.batches({ size, epoch, ...rest })) {
      check(batch.rows > 0 && batch.rows <= size, `a batch must have 1 to ${size} rows, got ${batch.rows}`);
      check(
        sameShape(batch.x.shape, [batch.rows, ...source.feature.shape]),
        `x must be [${[batch.rows, ...source.feature.shape].join(', ')}], got [${batch.x.shape.join(', ')}]`,
      );
      check(
        batch.x.data.length === batch.x.shape.reduce((a, b) => a * b, 1),
        `x must fill its shape, got ${batch.x.data.length} values`,
      );
      batches.push(rowsOf(batch));
    }
    return batches;
  };
  const order = async (source: DataSource, options?: ReadOptions): Promise<string[]> =>
    (await read(source, options)).flat();
  const same = (what: string, a: readonly string[], b: readonly string[]): void => {
    check(a.length === b.length, `${what}: must have ${b.length} rows, got ${a.length}`);
    const at = a.findIndex((row, i) => row !== b[i]);
    check(at < 0, `${what}: row ${at} must be ${b[at]?.slice(0, 60)}, got ${a[at]?.slice(0, 60)}`);
  };
  const distinct = (rows: readonly string[]): boolean => new Set(rows).size > rows.length / 2;

  const cases: readonly KitCase[] = [
    {
      name: 'data set: says how many rows, and gives each of them once',
      async run() {
        const source = await make();
        check(source.rows >= 8, `this kit needs 8 rows, got ${source.rows}`);
        const plain = await order(source);
        check(plain.length === source.rows, `must give ${source.rows} rows, got ${plain.length}`);
        for (const size of [1, 3, source.rows, source.rows + 5])
          same(`in batches of ${size}`, await order(source, { size }), plain);
        const mixed = await order(source, { shuffle: kit.key(1) });
        same('shuffled, then sorted', [...mixed].sort(), [...plain].sort());
      },
    },
    {
      name: 'data set: only the last batch is smaller',
      async run() {
        const source = await make();
        const lengths = (await read(source)).map((batch) => batch.length);
        check(
          lengths.slice(0, -1).every((length) => length === batchSize),
          `batches must have ${batchSize} rows but the last, got ${lengths.join()}`,
        );
        check(
          lengths.length === Math.ceil(source.rows / batchSize),
          `must be ${Math.ceil(source.rows / batchSize)} batches, got ${lengths.length}`,
        );
      },
    },
    {
      name: 'data set: targets and labels belong to the rows',
      async run() {
        const source = await make();
        const targets = source.targets();
        check(targets.length === source.rows, `must have ${source.rows} targets, got ${targets.length}`);
        const own = (await order(source)).map((row) => row.split('|')[1]);
        check(
          own.every((target, row) => target === String(targets[row])),
          'targets() must be in the order of the rows',
        );
        const { labels } = source;
        if (labels) {
          check(new Set(labels).size === labels.length, 'labels must be named once');
          check(
            Array.from(targets).every((code) => Number.isInteger(code) && code >= 0 && code < labels.length),
            `codes must lie in 0 … ${labels.length - 1}`,
          );
        }
      },
    },
    {
      name: 'data set: the order is a function of key and epoch alone',
      async run() {
        const [source, other] = [await make(), await make()];
        const key = kit.key(1);
        const first = await order(source, { shuffle: key });
        same('the same key and epoch again', await order(source, { shuffle: key }), first);
        await order(source, { shuffle: key, epoch: 3 });
        same('after another epoch was read', await order(source, { shuffle: key }), first);
        same('from another source of the same data', await order(other, { shuffle: kit.key(1) }), first);
        same('in batches of another size', await order(source, { shuffle: key, size: batchSize + 1 }), first);
        if (!distinct(first)) return;
        const differs = (rows: readonly string[]): boolean => rows.some((row, i) => row !== first[i]);
        check(differs(await order(source)), 'shuffled must differ from the plain order');
        check(differs(await order(source, { shuffle: key, epoch: 1 })), 'another epoch must have another order');
        check(differs(await order(source, { shuffle: kit.key(2) })), 'another key must have another order');
      },
    },
    {
      name: 'data set: skip goes on exactly where a run was left',
      async run() {
        const source = await make();
        for (const shuffle of [undefined, kit.key(5)]) {
          const options = { epoch: 2, ...(shuffle && { shuffle }) };
          const all = await read(source, options);
          for (const skip of [1, all.length - 1, all.length])
            same(`skip ${skip}`, await order(source, { ...options, skip }), all.slice(skip).flat());
        }
      },
    },
    {
      name: 'data set: two readers do not disturb each other',
      async run() {
        const source = await make();
        const plain = await order(source);
        const a = source.batches({ size: batchSize, epoch: 0 })[Symbol.asyncIterator]();
        const b = source.batches({ size: batchSize, epoch: 0, shuffle: kit.key(1) })[Symbol.asyncIterator]();
        const rows: string[] = [];
        for (;;) {
          const next = await a.next();
          if (next.done) break;
          rows.push(...rowsOf(next.value));
          await b.next();
        }
        same('read in turns', rows, plain);
      },
    },
    {
      name: 'data set: select gives the rows asked for, in that order',
      async run() {
        const source = await make();
        const plain = await order(source);
        const picks = Uint32Array.of(5, 0, 7, 2);
        const some = source.select(picks);
        check(some.rows === 4, `must have 4 rows, got ${some.rows}`);
        same(
          'selected',
          await order(some),
          Array.from(picks, (row) => plain[row] ?? ''),
        );
        const targets = source.targets();
        check(
          Array.from(some.targets()).join() === Array.from(picks, (row) => targets[row]).join(),
          'targets() must be selected, too',
        );
        check(
          JSON.stringify(some.labels) === JSON.stringify(source.labels),
          'labels must stay, or codes would change their meaning',
        );
        same('selected twice', await order(some.select(Uint32Array.of(2, 1))), [plain[7] ?? '', plain[0] ?? '']);
        check((await order(source.select(new Uint32Array(0)))).length === 0, 'no indices must give no rows');
      },
    },
    {
      name: 'data set: the fingerprint tells data apart',
      async run() {
        const [source, other] = [await make(), await make()];
        const print = await source.fingerprint();
        check(/^[0-9a-f]{64}$/.test(print), `must be 64 hex digits, got '${print}'`);
        check(print === (await other.fingerprint()), 'the same data must have the same fingerprint');
        const all = Uint32Array.from({ length: source.rows }, (_, row) => row);
        check(print !== (await source.select(all.slice(1)).fingerprint()), 'a part must have another');
      },
    },
  ];
  return withExpectedFailures('data set kit', cases, kit.expectedFailures);
}
