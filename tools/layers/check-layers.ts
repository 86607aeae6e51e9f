// Judges the arrows between packages: those of each manifest and those of each import in each source file.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { layerOf, withoutTensors } from './table.ts';

/** What was examined and what is wrong with it, a sentence each. */
export interface LayerReport {
  packages: number;
  modules: number;
  imports: number;
  faults: string[];
}

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const scope = '@dendrite/';
const isTest = (file: string): boolean => /\.(test|test-d|bench|fixture|emit)\.ts$/.test(file);

/** Examines every package under `root`: `packages/*`, `examples`, `benchmarks` and `docs`. */
export function checkLayers(root: string): LayerReport {
  const report: LayerReport = { packages: 0, modules: 0, imports: 0, faults: [] };
  const folders = globSync(['packages/*', 'examples', 'benchmarks', 'docs'], { cwd: root }).sort();
  const shipped = new Map<string, string[]>(); // package → the packages of ours that it needs at run time
  for (const folder of folders) {
    const file = join(root, folder, 'package.json');
    if (!existsSync(file)) continue;
    report.packages++;
    const name = basename(folder);
    const manifest: Manifest = JSON.parse(readFileSync(file, 'utf8'));
    checkManifest(name, manifest, report);
    shipped.set(
      name,
      Object.keys(manifest.dependencies ?? {})
        .filter(isOurs)
        .map(bare),
    );
    for (const source of globSync('**/*.{ts,tsx}', { cwd: join(root, folder), exclude: isLeftOut })) {
      report.modules++;
      checkModule(name, join(root, folder), source, manifest, report);
    }
  }
  for (const name of withoutTensors) {
    if (reaches(name, 'core', shipped))
      report.faults.push(`${name}: must stay free of tensors, and reaches core through its dependencies.`);
  }
  if (report.modules === 0) report.faults.push('No module was examined: the check looked in the wrong place.');
  return report;
}

function checkManifest(name: string, manifest: Manifest, report: LayerReport): void {
  if (layerOf(name) === undefined) {
    report.faults.push(`${name}: has no layer. Add it to a row of tools/layers/table.ts.`);
    return;
  }
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
  for (const dependency of Object.keys({
    ...dependencies,
    ...devDependencies,
    ...peerDependencies,
    ...optionalDependencies,
  })) {
    if (isOurs(dependency)) checkArrow(name, bare(dependency), `${name}/package.json`, report);
  }
}

function checkModule(name: string, folder: string, source: string, manifest: Manifest, report: LayerReport): void {
  const path = join(folder, source);
  const where = `${name}/${source}`;
  for (const { fileName: wanted } of ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles) {
    report.imports++;
    if (wanted.startsWith('.')) {
      const target = relative(folder, resolve(dirname(path), wanted));
      if (target.startsWith('..'))
        report.faults.push(`${where}: imports ${wanted}, out of its package. Import the package by its name.`);
    } else if (isOurs(wanted)) {
      const target = bare(wanted);
      if (target === name) continue;
      checkArrow(name, target, where, report);
      checkDeclared(scope + target, where, source, manifest, report);
    } else if (!wanted.startsWith('#') && !isBuiltin(wanted) && !isTest(source)) {
      checkDeclared(wanted.split('/', wanted.startsWith('@') ? 2 : 1).join('/'), where, source, manifest, report);
    }
  }
}

function checkArrow(from: string, to: string, where: string, report: LayerReport): void {
  const own = layerOf(from);
  const other = layerOf(to);
  if (own === undefined) return; // said once, for the manifest
  if (other === undefined) report.faults.push(`${where}: needs ${to}, which has no layer in tools/layers/table.ts.`);
  else if (other >= own) {
    const direction = other > own ? 'up' : 'sideways';
    report.faults.push(
      `${where}: the arrow ${from} (L${own}) → ${to} (L${other}) points ${direction}. Arrows point down only.`,
    );
  }
}

function checkDeclared(
  dependency: string,
  where: string,
  source: string,
  manifest: Manifest,
  report: LayerReport,
): void {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
  const forUse = { ...dependencies, ...peerDependencies, ...optionalDependencies };
  const allowed = isTest(source) ? { ...forUse, ...devDependencies } : forUse;
  if (!(dependency in allowed))
    report.faults.push(
      `${where}: imports ${dependency}, which its package.json does not declare${isTest(source) ? '' : ' for use'}.`,
    );
}

function reaches(from: string, to: string, arrows: Map<string, string[]>, seen: Set<string> = new Set()): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return (arrows.get(from) ?? []).some((next) => next === to || reaches(next, to, arrows, seen));
}

const isOurs = (name: string): boolean => name.startsWith(scope);
const bare = (name: string): string => name.slice(scope.length).split('/')[0] ?? '';
const isLeftOut = (path: string): boolean => ['node_modules', 'dist', '.cache'].includes(basename(path));
