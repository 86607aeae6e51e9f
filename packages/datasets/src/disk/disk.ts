/** What the named sets need of a file system. The package's import `#disk` is Node's where there is one, else undefined. */
export interface Disk {
  /** Names in a folder; undefined where there is no such folder or it cannot be read. */
  list(folder: string): Promise<readonly string[] | undefined>;
  read(path: string, signal?: AbortSignal): Promise<Uint8Array>;
  join(...parts: string[]): string;
  environment(name: string): string | undefined;
  /** Where an installed package lies, seen from the application; undefined if it is not installed. */
  packageFolder(name: string): string | undefined;
}
