// A net that grows while it learns: after two epochs a layer is put in, and the run goes on as if it had always been there:
// node --conditions=@dendrite/source examples/growing/main.ts [--short] [--seed S] [--picture FILE.html]
import { relu } from '@dendrite/core';
import { accuracy } from '@dendrite/metrics';
import { load, toBytes } from '@dendrite/model';
import { classifier, dense, flatten, nnLayers, residual, sequential, zeros } from '@dendrite/nn';
import { adam, optimizersTable } from '@dendrite/optimizers';
import { learningCurves, table } from '@dendrite/report';
import { type Checkpoint, DendriteError, type Layer, type ProgressEvent, type Tree } from '@dendrite/spec';
import { percent, runExample, someDigits } from '../some-digits/some-digits.ts';
import { grow, sameBits } from './grow.ts';

const width = 32;
const optimizer = adam({ learningRate: 1e-3 });
const small = sequential(flatten, dense(width), relu, dense(10));
/** The new layer adds 0 until it has learnt something: its outputs start at 0, so the larger net answers as the small one did. */
const added = residual(sequential(dense(width), relu, dense(width, { initializer: zeros })));
const large = sequential(flatten, dense(width), relu, added, dense(10));
/** A parameter of the large net in the small one: the last layer was the third, and the third is new. */
const before = (path: string): string | undefined =>
  path.startsWith('3.') ? undefined : path.startsWith('4.') ? `3.${path.slice(2)}` : path;

await runExample(async ({ runtime, short, seed, draw }) => {
  const digits = await someDigits(short ? { train: 1000, test: 500 } : { train: 20_000, test: 5000 }, seed);
  const events: ProgressEvent[] = [];
  const common = {
    seed,
    runtime,
    validation: digits.test,
    onProgress: (event: ProgressEvent) => void events.push(event),
  };
  const told = (event: ProgressEvent): void => {
    const { loss = Number.NaN, 'validation.loss': test = Number.NaN } = event.metrics;
    console.log(`epoch ${event.done}: training loss ${loss.toFixed(4)}, test loss ${test.toFixed(4)}`);
  };

  const first = classifier(small, { optimizer }).run(digits.train, { ...common, epochs: 2 });
  let kept: Checkpoint | undefined;
  for await (const event of first) {
    if (event.unit !== 'epoch') continue;
    told(event);
    if (event.done === 2) kept = await first.checkpoint();
  }
  const smallNet = await first.result;
  const smallShare = (await smallNet.evaluate(digits.test, { accuracy })).accuracy;
  if (kept === undefined)
    throw new DendriteError('DATA', 'growing: there must be a checkpoint after epoch 2, got none.');

  const model = classifier(large, { optimizer });
  const grown = await grow(
    runtime,
    kept,
    { layer: large as Layer<Tree, Tree>, optimizer, config: model.config, input: [1, 28, 28, 1], before },
    seed,
  );
  const old = (name: string): string => {
    const [prefix = '', path = ''] = name.split(/(?<=^params|^state|^optimizer\.[a-z]+)\./);
    return `${prefix}.${before(path) ?? ''}`;
  };
  const same = sameBits(kept, grown, old);
  console.log(
    `a layer is added: ${grown.kept.length} arrays ${same ? 'keep their bits' : 'CHANGED'} (${grown.kept.join(', ')}), ${grown.added.length} are new`,
  );

  // No step yet: the same answers as before.
  const unchanged = await model.fit(digits.train, {
    ...common,
    epochs: 2,
    from: grown.checkpoint,
    onProgress: () => {},
  });
  const unchangedShare = (await unchanged.evaluate(digits.test, { accuracy })).accuracy;
  console.log(
    `before its first step it answers as the small net did: ${percent(unchangedShare)} and ${percent(smallShare)}`,
  );
  unchanged.dispose();
  smallNet.dispose();

  const net = await model.fit(digits.train, {
    ...common,
    epochs: short ? 4 : 6,
    from: grown.checkpoint,
    onProgress(event) {
      events.push(event);
      if (event.unit === 'epoch') told(event);
    },
  });
  const { accuracy: share } = await net.evaluate(digits.test, { accuracy });
  const bytes = toBytes(await net.save());
  const again = await load(bytes, { with: [nnLayers, optimizersTable], runtime });
  const names = Object.keys((await net.save()).arrays).filter((name) => name.startsWith('params'));
  console.log(`saved file: ${bytes.length} bytes with ${names.join(', ')}; loaded back, it answers its probe`);
  again.dispose();
  net.dispose();

  const losses = events.flatMap(({ unit, metrics }) => (unit === 'epoch' ? [metrics.loss ?? Number.NaN] : []));
  const falls = losses.every((loss, i) => i === 0 || loss < (losses[i - 1] ?? 0));
  if (!same || unchangedShare !== smallShare || !falls)
    throw new DendriteError(
      'DATA',
      `growing: bits must stay and the loss must go on falling, got ${same}, ${losses.join(', ')}.`,
    );
  await draw('A net that grows', [
    {
      title: 'Loss',
      text: `After epoch 2 a layer was added. Right on ${percent(smallShare)} of the test images before, on ${percent(share)} at the end.`,
      figures: [
        learningCurves(
          events.filter(({ unit }) => unit === 'epoch'),
          { title: 'Loss by epoch; the layer came after the second' },
        ),
        table(
          ['array', 'after growing'],
          [...grown.kept.map((name) => [name, 'the bits it had']), ...grown.added.map((name) => [name, 'new'])],
        ),
      ],
    },
  ]);
  return { accuracy: share, baseline: smallShare, beats: 'the small net it grew from' };
});
