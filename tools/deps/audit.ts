/** What a registry knows against packages: npm is asked about exactly these versions and all that they need. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../processes/processes.ts';

export interface Audit {
  /** Undefined: nobody could be asked, for the reason in `text`. */
  readonly found: number | undefined;
  /** For people: how many, and a line for each. */
  readonly text: string;
}

interface Report {
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  readonly message?: string;
  readonly error?: { readonly summary?: string };
}
interface Vulnerability {
  readonly severity: string;
  readonly range: string;
  /** Advisories, or names of packages through which it came. */
  readonly via: readonly (string | { readonly title: string; readonly url?: string })[];
}

const patience = ['--fetch-timeout=8000', '--fetch-retries=0'];

/** @param registry  default npm's own setting */
export async function audit(
  versions: Readonly<Record<string, string>>,
  { registry }: { readonly registry?: string } = {},
): Promise<Audit> {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  const options = { cwd: folder, ...(registry !== undefined && { env: { npm_config_registry: registry } }) };
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: versions }));
    const lock = ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', ...patience];
    const resolved = await run('npm', lock, options);
    if (resolved.code !== 0)
      return unknown(/npm (?:error|ERR!) (?!code)(.*)/.exec(resolved.output)?.[1] ?? 'npm failed');
    const { output } = await run('npm', ['audit', '--json', ...patience], options);
    return judge(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of what `npm audit --json` said, behind its warnings. */
function judge(output: string): Audit {
  let report: Report;
  try {
    report = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
  } catch {
    return unknown('npm audit gave no report');
  }
  if (report.vulnerabilities === undefined)
    return unknown(report.message?.split(' - ')[0] ?? report.error?.summary ?? 'npm audit gave no report');
  const lines = Object.entries(report.vulnerabilities).map(([name, { severity, range, via }]) => {
    const why = via.map((each) => (typeof each === 'string' ? `through ${each}` : [each.title, each.url].join(' ')));
    return `  ${name} ${range}: ${severity}, ${why.join('; ')}`;
  });
  return { found: lines.length, text: [`advisories: ${lines.length || 'none'}`, ...lines].join('\n') };
}

const unknown = (why: string): Audit => ({ found: undefined, text: `advisories: unknown (${why})` });
