// WebGPU without a GPU, from npm alone: SwiftShader (a Vulkan driver that computes on the CPU) out of the archive that
// @sparticuz/chromium ships, unpacked once into node_modules/.cache, where Dawn finds it through LD_LIBRARY_PATH.
// It proves correctness; its speed says nothing.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const root = join(import.meta.dirname, '..', '..');
const chromium = join(root, 'node_modules', '@sparticuz', 'chromium');
const driver = 'libvk_swiftshader.so';
const manifest = 'vk_swiftshader_icd.json';
const loader = 'libvulkan.so.1';

/**
 * The environment in which a Node process opens WebGPU. The dynamic loader reads LD_LIBRARY_PATH when a process starts, so
 * it must be given to a new process, never set in a running one.
 *
 * `alone`: SwiftShader and nothing else, the same on every machine: for tests. `added`: the drivers of this machine, and
 * SwiftShader behind them. Empty where a driver was asked for by VK_DRIVER_FILES, and where the archive does not fit (not
 * Linux on x64).
 */
export function webgpuEnvironment(
  mode: 'alone' | 'added',
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  if (environment.VK_DRIVER_FILES || process.platform !== 'linux' || process.arch !== 'x64') return {};
  const folder = unpack();
  const own = ['alone', 'added'].map((name) => join(folder, name));
  const others = (environment.LD_LIBRARY_PATH ?? '').split(':').filter((path) => path !== '' && !own.includes(path));
  const search = { LD_LIBRARY_PATH: [join(folder, mode), ...others].join(':') };
  return mode === 'alone' ? search : { ...search, VK_ADD_DRIVER_FILES: join(folder, manifest) };
}

function unpack(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(chromium, 'package.json'), 'utf8'));
  const folder = join(root, 'node_modules', '.cache', `swiftshader-${version}`);
  if (existsSync(folder)) return folder;

  const archive = brotliDecompressSync(readFileSync(join(chromium, 'bin', 'swiftshader.tar.br')));
  const own = `${folder}.${process.pid}`; // filled aside and renamed, so that two processes at once do no harm
  for (const mode of ['alone', 'added']) mkdirSync(join(own, mode), { recursive: true });
  for (const file of [driver, manifest]) writeFileSync(join(own, file), fileOfTar(archive, file), { mode: 0o755 });
  symlinkSync(join('..', driver), join(own, 'alone', loader)); // SwiftShader answers Vulkan's entry points by itself
  writeFileSync(join(own, 'added', loader), fileOfTar(archive, loader), { mode: 0o755 }); // Vulkan's loader, which knows many drivers
  try {
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** One file of a tar archive: headers of 512 bytes, each followed by its file, padded to a multiple of 512. */
function fileOfTar(archive: Buffer, name: string): Buffer {
  for (let at = 0; at + 512 <= archive.length; ) {
    const entry = archive.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8) || 0;
    if (entry.replace(/^\.\//, '') === name) return archive.subarray(at + 512, at + 512 + size);
    at += 512 + 512 * Math.ceil(size / 512);
  }
  throw new Error(
    `webgpuEnvironment(): the archive must hold ${name}, and does not. Pin a @sparticuz/chromium that ships it.`,
  );
}
