/** The version of this package, as files name it. `pnpm versions` holds it to package.json. */
export const version = '0.1.0';
