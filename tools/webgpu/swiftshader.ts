// WebGPU without a GPU, from npm alone: SwiftShader (a Vulkan driver that computes on the CPU) out of the archive that
// @sparticuz/chromium ships, unpacked once into node_modules/.cache, where Dawn finds it through LD_LIBRARY_PATH.
// It proves correctness; its speed says nothing.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const root = join(import.meta.dirname, '..', '..');
const chromium = join(root, 'node_modules', '@sparticuz', 'chromium');
const driver = 'libvk_swiftshader.so';

/**
 * The environment in which a Node process opens SwiftShader as its WebGPU adapter. The dynamic loader reads
 * LD_LIBRARY_PATH when a process starts, so it must be given to a new process, never set in a running one.
 * Empty where another driver was asked for (VK_DRIVER_FILES) or where the archive does not fit (not Linux on x64).
 */
export function softwareWebgpu(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  if (environment.VK_DRIVER_FILES || process.platform !== 'linux' || process.arch !== 'x64') return {};
  const folder = unpack();
  const others = (environment.LD_LIBRARY_PATH ?? '').split(':').filter((path) => path !== '' && path !== folder);
  return { LD_LIBRARY_PATH: [folder, ...others].join(':') };
}

function unpack(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(chromium, 'package.json'), 'utf8'));
  const cache = join(root, 'node_modules', '.cache');
  const folder = join(cache, `swiftshader-${version}`);
  if (existsSync(join(folder, 'libvulkan.so.1'))) return folder;

  const archive = brotliDecompressSync(readFileSync(join(chromium, 'bin', 'swiftshader.tar.br')));
  const own = `${folder}.${process.pid}`; // filled aside and renamed, so that two processes at once do no harm
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, driver), fileOfTar(archive, driver), { mode: 0o755 });
  symlinkSync(driver, join(own, 'libvulkan.so.1')); // SwiftShader answers Vulkan's entry points itself: no loader needed
  try {
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true });
    if (!existsSync(join(folder, 'libvulkan.so.1'))) throw error;
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
    `softwareWebgpu(): the archive must hold ${name}, and does not. Pin a @sparticuz/chromium that ships it.`,
  );
}
