// Runs a command with a WebGPU adapter that needs no GPU: `node tools/webgpu/with-webgpu.ts node --conditions=@dendrite/source x.ts`.
import { spawnSync } from 'node:child_process';
import { softwareWebgpu } from './swiftshader.ts';

const [command, ...rest] = process.argv.slice(2);
if (command === undefined) throw new Error('with-webgpu: name the command to run');
const { status, error } = spawnSync(command, rest, { stdio: 'inherit', env: { ...process.env, ...softwareWebgpu() } });
if (error) throw error;
process.exitCode = status ?? 1;
