/** This package's version, as files of its models record it. */
export const version = '0.1.0';
