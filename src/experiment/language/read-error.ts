import { InputError } from './values/input-error.js';
import { sourceLabel } from './source.js';

/** Reasons of the operating system and of the decompressor, in the user's terms. */
const READ_ERRORS: Readonly<Partial<Record<string, string>>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of the path is a file, not a directory',
  Z_BUF_ERROR: 'the gzip data end too early: the file is truncated',
  Z_DATA_ERROR: 'the gzip data are damaged',
  ERR_BUFFER_TOO_LARGE: 'is too large when unpacked',
  ERR_STRING_TOO_LONG: 'is too large',
  ERR_FS_FILE_TOO_LARGE: 'is too large',
};

/**
 * An error of the operating system or of the decompressor as an InputError; any other as it is.
 * @param expected what the path should have led to
 */
export function readError(path: string, error: unknown, expected = 'a file'): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const code = String(error.code);
  const reason = code === 'EISDIR' ? `is a directory, not ${expected}` : READ_ERRORS[code];
  return new InputError([`${sourceLabel(path)}: ${reason ?? `cannot be read (${code})`}`]);
}
