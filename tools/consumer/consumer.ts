// `pnpm consumer`: packs every package as it would be published and, for each recipe of the README, installs it into an empty
// folder outside the repository with plain npm under the oldest Node, type-checks its snippet, runs it and bundles it. Then
// one project gets two versions of core. One row a recipe; exit code 1 on any failure. `pnpm consumer table` takes one alone.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../processes/processes.ts';
import { oldestNode } from './oldest-node.ts';
import { installProject } from './project.ts';
import { type Recipe, readRecipes } from './recipes.ts';
import { packAll } from './tarballs.ts';
import { twoCores } from './two-cores.ts';

/** The recipes that the README must have. */
const wanted = ['digits', 'table', 'forest', 'page'];

const asked = process.argv.slice(2);
const isAsked = (name: string): boolean => asked.length === 0 || asked.includes(name);
const work = mkdtempSync(join(tmpdir(), 'dendrite-consumer-'));
let failures = 0;
try {
  const recipes = readRecipes(readFileSync(join(root, 'README.md'), 'utf8'));
  const node = await oldestNode();
  const tarballs = await packAll(join(work, 'packed'));
  console.log(`${tarballs.size} packages packed, installed with npm under Node ${node.version}`);
  console.log(columns('recipe', 'packages', 'kB on disk', 'kB gzip', 'seconds', 'result'));

  for (const name of wanted.filter((name) => isAsked(name) && !recipes.some((recipe) => recipe.name === name)))
    fail(name, new Error(`README: recipe ${name} must be there, got ${recipes.map((recipe) => recipe.name)}.`));
  for (const recipe of recipes.filter(({ name }) => isAsked(name))) {
    try {
      await take(recipe);
    } catch (error) {
      fail(recipe.name, error);
    }
  }
  if (isAsked('two-cores')) {
    try {
      console.log(await twoCores(work, tarballs, node.folder));
    } catch (error) {
      fail('two-cores', error);
    }
  }

  async function take(recipe: Recipe): Promise<void> {
    const project = await installProject(join(work, recipe.name), recipe, tarballs, node.folder);
    await project.typeCheck();
    const began = performance.now();
    const output = await project.run();
    const seconds = (performance.now() - began) / 1000;
    const gzip = await project.bundle();
    const result = output.trim().split('\n').at(-1) ?? '';
    if (result === '') throw new Error('the snippet must print its result, got nothing.');
    console.log(
      columns(
        recipe.name,
        String(project.packages.length),
        project.kB.toFixed(0),
        gzip.toFixed(1),
        seconds.toFixed(1),
        result,
      ),
    );
    if (project.packages.length <= 8) console.log(`${''.padEnd(10)} ${project.packages.toSorted().join(', ')}`);
  }
} catch (error) {
  fail('consumer', error);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`consumer: ${failures === 0 ? 'every recipe works' : `${failures} failed`}`);
process.exitCode = failures > 0 ? 1 : 0;

function fail(name: string, error: unknown): void {
  failures++;
  console.log(`${name.padEnd(10)} FAILED`);
  console.error(error instanceof Error ? error.message : String(error));
}

function columns(name: string, packages: string, kB: string, gzip: string, seconds: string, result: string): string {
  return `${name.padEnd(10)} ${packages.padStart(9)} ${kB.padStart(11)} ${gzip.padStart(8)} ${seconds.padStart(8)}  ${result}`;
}
