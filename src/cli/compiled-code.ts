/*
 * Loaded before it is known whether Node is new enough: written for any version that knows modules.
 */
import modules from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What programs may keep to be faster the next time: a folder of the user's own. null: the system has none that is safe. */
export function cacheFolder(platform: string, env: NodeJS.ProcessEnv, home: string): string | null {
  const own = platform === 'win32' ? env['LOCALAPPDATA'] : env['XDG_CACHE_HOME'];
  if (own !== undefined && isAbsolute(own)) return join(own, 'secretsim');
  if (platform === 'win32' || !isAbsolute(home)) return null;
  return join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', 'secretsim');
}

/**
 * Lets Node (22.1 and newer) keep what it compiles of the program, and of its worker threads, for the next time. A folder
 * that cannot be written to, or an older version, is no error: the program is compiled as it is loaded. What the user has
 * set goes before (`NODE_COMPILE_CACHE`, `NODE_DISABLE_COMPILE_CACHE`).
 */
export function keepCompiledCode(): void {
  const { enableCompileCache } = modules as { readonly enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache === undefined) return;
  try {
    const folder = cacheFolder(process.platform, process.env, homedir());
    if (folder === null) return;
    enableCompileCache(folder);
    // Threads are told by the environment.
    if (process.env['NODE_COMPILE_CACHE'] === undefined) process.env['NODE_COMPILE_CACHE'] = folder;
  } catch {
    // A user without a home.
  }
}
