/** What the operating system's error codes mean to someone who looks for room for a result file. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would exceed the largest size allowed here',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EEXIST: 'a file of this name is in the place of the directory',
  EISDIR: 'a directory of this name is in the place of the file',
  ENOENT: 'a part of the path does not exist and cannot be made',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many links lead to one another',
  EINVAL: 'this name is not allowed here',
  ERR_INVALID_ARG_VALUE: 'a name has no null character',
  EIO: 'the device reports an input/output error',
};

/** Results could not be written: the disk or the directory is at fault, not the experiment (exit code 1). */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  /** The file or directory that could not be written. */
  readonly path: string;

  constructor(path: string, cause: Error & { readonly code?: unknown }) {
    super(`cannot write ${path}: ${REASONS[String(cause.code)] ?? cause.message}`, { cause });
    this.path = path;
  }

  /** Runs file operations on `path`; an error of the operating system becomes an OutputError, others pass unchanged. */
  static async guard<T>(path: string, operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (error instanceof Error && ('syscall' in error || isBadName(error))) throw new OutputError(path, error);
      throw error;
    }
  }
}

/** Node refuses a null character in a path by itself. */
function isBadName(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_INVALID_ARG_VALUE';
}
