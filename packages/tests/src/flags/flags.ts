/** Flags of the commands here: `--help` prints what the command is, and a wrong flag is one line that says so, not a stack. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>;

export interface Command<T extends Options> {
  /** Its first line is how it is called: `plan-check [--width 1,2,4]`; what it does and when it fails follow. */
  readonly help: string;
  readonly options: T;
  /** Whether it takes what is no flag, a file say. Default false. */
  readonly files?: boolean;
}

/** What was given, or the exit code with which the command ends and what it says. */
export type Flags<T extends Options> = Parsed<T> | { readonly exit: number; readonly says: string };

export function readFlags<const T extends Options>(
  { help, options, files = false }: Command<T>,
  args: readonly string[],
): Flags<T> {
  if (args.includes('--help') || args.includes('-h')) return { exit: 0, says: help };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: files }) as Parsed<T>;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { exit: 2, says: wrongFlags(help, reason ?? '') };
  }
}

/** The command's flags; ends the program where help was asked for or a flag is wrong. */
export function flags<const T extends Options>(command: Command<T>): Parsed<T> {
  const read = readFlags(command, process.argv.slice(2));
  if (!('exit' in read)) return read;
  (read.exit === 0 ? console.log : console.error)(read.says);
  process.exit(read.exit);
}

/** Ends the program with one line of what is wrong, and how the command is called. */
export function endWith(help: string, reason: string): never {
  console.error(wrongFlags(help, reason));
  process.exit(2);
}

const wrongFlags = (help: string, reason: string): string => {
  const [usage = ''] = help.split('\n');
  return `${usage.split(' ')[0]}: ${reason.replace(/\.$/, '')}. Write: pnpm ${usage}`;
};
