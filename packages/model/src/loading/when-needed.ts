/** Modules that not every page needs: loaded when they are first needed, and at hand from then on. */

/** Gives the module itself once it is there: awaiting `import()` again and again would cost more than a small prediction. */
export function whenNeeded<T extends object>(load: () => Promise<T>): () => T | Promise<T> {
  let module: T | undefined;
  return () =>
    module ??
    load().then((loaded) => {
      module = loaded;
      return loaded;
    });
}
