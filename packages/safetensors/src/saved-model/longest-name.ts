/** How long names in a file may be. Errors of all packages quote them: a file must not make those as long as itself. */

/** Characters of a model's name and version. */
export const longestName = 200;
