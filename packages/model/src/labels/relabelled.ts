/** A source whose codes mean other labels: the same data with the codes of a trained model, or codes where it had numbers. */
import { type Batch, type DataSource, DendriteError, type Label, type Numbers } from '@dendrite/spec';
import { codesOf } from './known-labels.ts';

/**
 * The source with `labels` for its own; itself, where they are the same.
 * @throws DATA  where a label in use is not among `labels`
 */
export function relabelled(source: DataSource, labels: readonly Label[], where: string): DataSource {
  const own = source.labels;
  if (own && own.length === labels.length && own.every((label, code) => label === labels[code])) return source;
  // Checked on the targets in use: a label that the source lists but never has is no fault.
  const targets = source.targets();
  const codes = codesOf(own ? Array.from(targets, (code) => own[code] ?? code) : Array.from(targets), labels, where);
  const translate = new Map<number, number>();
  // Numbers may come as float32 in batches.
  targets.forEach((target: number, i: number) => {
    translate.set(target, codes[i] as number).set(Math.fround(target), codes[i] as number);
  });
  return translated(source, labels, translate, codes);
}

function translated(
  source: DataSource,
  labels: readonly Label[],
  translate: ReadonlyMap<number, number>,
  codes: Int32Array,
): DataSource {
  const { names } = source;
  return {
    '~dendrite': 'data',
    rows: source.rows,
    feature: source.feature,
    labels,
    ...(names && { names }),
    fingerprint: () => source.fingerprint(),
    ...(source.columns && { columns: () => source.columns?.() ?? { '~dendrite': 'table', rows: 0, columns: [] } }),
    targets: (): Numbers => codes,
    select: (indices) =>
      translated(
        source.select(indices),
        labels,
        translate,
        Int32Array.from(indices, (i) => codes[i] as number),
      ),
    async *batches(options): AsyncGenerator<Batch, void, void> {
      for await (const batch of source.batches(options)) {
        yield {
          ...batch,
          ...(batch.y && { y: Int32Array.from(batch.y.subarray(0, batch.rows), (target) => known(translate, target)) }),
        };
      }
    },
  };
}

function known(translate: ReadonlyMap<number, number>, target: number): number {
  const code = translate.get(target);
  if (code === undefined)
    throw new DendriteError(
      'DATA',
      `batches(): a batch's y must be among targets(), got ${target}. Correct the source.`,
    );
  return code;
}
