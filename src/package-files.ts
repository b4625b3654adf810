/**
 * A file of this package, by its path from the package's folder. This module, compiled or bundled, lies two folders
 * below it.
 */
export function packageFile(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}
