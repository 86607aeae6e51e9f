/** The version of this package, as files name it. */
export const version = '0.1.0';
