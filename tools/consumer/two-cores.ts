// Two versions of core in one project: what nn makes stands on one, what cnn makes on the other, and one model holds both.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../processes/processes.ts';
import { installProject } from './project.ts';
import { packAgain, type Tarball } from './tarballs.ts';

/** Light squares on the left or on the right of an 8 × 8 picture, with noise that no seed has to be found for. */
const snippet = `import { conv2d } from '@dendrite/cnn';
import { relu } from '@dendrite/core';
import { accuracy } from '@dendrite/metrics';
import { classifier, dense, flatten, sequential } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';

const count = 64;
const data = new Float32Array(count * 64);
const y = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 'left' : 'right'));
for (let i = 0; i < data.length; i++) {
  const right = i % 8 >= 4;
  data[i] = (right === (y[i >> 6] === 'right') ? 1 : 0) + 0.3 * Math.sin(i * i);
}
const pictures = { x: { data, shape: [count, 8, 8, 1] }, y };
const layers = sequential(conv2d({ filters: 4, size: 3 }), relu, flatten, dense(2));
const model = classifier(layers, { optimizer: adam({ learningRate: 0.01 }) });
const fitted = await model.fit(pictures, { epochs: 10, seed: 1 });
const { top1 } = await fitted.evaluate(pictures, { top1: accuracy });
console.log(\`accuracy \${top1.toFixed(3)}\`);
if (!(top1 > 0.95)) throw new Error('two versions of core learned nothing');
`;

/**
 * Trains such a model, or finds the error that says clearly why not (it names both versions).
 * @returns  a sentence that says which
 */
export async function twoCores(work: string, tarballs: ReadonlyMap<string, Tarball>, node: string): Promise<string> {
  const core = tarballs.get('@dendrite/core');
  if (core === undefined) throw new Error('consumer: core must be among the packed packages.');
  const [major = '0', minor = '0'] = core.version.split('.');
  const other = await packAgain(core, `${major}.${Number(minor) + 1}.0`, join(work, 'other-core'));
  const project = await installProject(
    join(work, 'two-cores'),
    {
      install: ['@dendrite/cnn', '@dendrite/core', '@dendrite/metrics', '@dendrite/nn', '@dendrite/optimizers'],
      thirdParty: [],
      snippet,
      nested: { '@dendrite/cnn': { '@dendrite/core': `file:${other.file}` } },
    },
    tarballs,
    node,
  );
  const installed = (path: string): string => {
    const manifest = join(project.folder, 'node_modules', path, 'package.json');
    return existsSync(manifest) ? readJson<{ version: string }>(manifest).version : 'none';
  };
  const outer = installed('@dendrite/core');
  const inner = installed('@dendrite/cnn/node_modules/@dendrite/core');
  if (outer !== core.version || inner !== other.version)
    throw new Error(`two cores: ${core.version} and ${other.version} must be installed, got ${outer} and ${inner}.`);
  await project.typeCheck();
  try {
    const output = await project.run();
    return `core ${outer} and core ${inner} in one project train one model: ${output.trim()}`;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const said = text
      .split('\n')
      .find((line) => line.includes('Dendrite') && line.includes(outer) && line.includes(inner));
    if (said === undefined) throw error;
    return `core ${outer} and core ${inner} in one project refuse clearly: ${said.trim()}`;
  }
}
