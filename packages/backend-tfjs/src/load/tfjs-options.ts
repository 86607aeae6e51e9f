/** What users choose; without a type of tfjs or of WebGPU, because every consumer's compiler reads it. */

export type TfjsVariant = 'webgpu' | 'wasm' | 'cpu';

export interface TfjsOptions {
  /**
   * wasm: where the three `.wasm` files of `@tensorflow/tfjs-backend-wasm/dist` are served, a folder's URL with its last slash
   * or a URL a file. Default: beside the script in browsers, inside the package in Node.
   */
  readonly wasmPaths?: string | { readonly [file: string]: string };
  /** wasm: threads, where the page is cross-origin isolated; tfjs has none in Node. Default: tfjs's choice. */
  readonly threads?: number;
}
