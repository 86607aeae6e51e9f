/** The flags of an example: `--help` names them, and so does the line that a wrong one ends the program with. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What `parseArgs` gives. Exit code 2 for a flag or value that is not one, 0 after `--help`. */
export function readFlags<const C extends ParseArgsConfig>(config: C): ReturnType<typeof parseArgs<C>> {
  if (process.argv.slice(2).includes('--help')) {
    console.log(flagLine(config));
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/(?<=')\. |\n/);
    console.error(`${sentence?.replace(/\.?$/, '.')} ${flagLine(config)}`);
    process.exit(2);
  }
}

/** `Flags: [--short] [--seed VALUE]`. */
export function flagLine({ options = {}, allowPositionals = false }: ParseArgsConfig): string {
  const flags = Object.entries(options).map(([name, { type }]) => `[--${name}${type === 'boolean' ? '' : ' VALUE'}]`);
  return `Flags: ${[...flags, ...(allowPositionals ? ['[WORD …]'] : [])].join(' ')}`;
}
