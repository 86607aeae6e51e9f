// Opens WebGPU in plain Node through Dawn. An adapter that cannot open is an error that names what is missing.

/** The WebGPU entry point and an adapter of this machine. Keep `gpu` as long as anything made from it is in use. */
export interface OpenAdapter {
  gpu: GPU;
  adapter: GPUAdapter;
}

/** Opens an adapter, by the software driver where the process was started with one on LD_LIBRARY_PATH. */
export async function openAdapter(): Promise<OpenAdapter> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    const places = process.env.LD_LIBRARY_PATH || '(empty)';
    throw new Error(
      `openAdapter(): WebGPU must find a Vulkan driver, libvulkan.so.1, got none; LD_LIBRARY_PATH is ${places}. ` +
        'Start through `node tools/webgpu/with-webgpu.ts <command>`, or install a driver and its loader (libvulkan1).',
    );
  }
  return { gpu, adapter };
}
