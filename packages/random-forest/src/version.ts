/** This package's version, recorded in every saved model; a test holds it to package.json. */
export const version = '0.1.0';
