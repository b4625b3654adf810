import { randomBytes } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hostMark, isRunning, markOf } from './owner.js';

/** What a file beside another is: being written, written whole and to be put in place, or what was there before. */
export type BesideRole = 'tmp' | 'ready' | 'old';

/** The parts of a name beside a file. */
export interface BesideName {
  readonly target: string;
  /** Of the command that has made it; empty where an earlier version did, whose names had none. */
  readonly token: string;
  readonly role: BesideRole;
}

/** So much of the mark of a host stands in a name. */
const HOST_CHARACTERS = 6;
const TOKEN = /^([0-9a-f]{6})-([0-9a-z]+)-([0-9a-z]*)-[0-9a-f]{8}$/;
/** The second is of earlier versions: it tells nothing of its process. */
const NAME = /^\.(.+?)(?:\.([0-9a-f]{6}-[0-9a-z]+-[0-9a-z]*-[0-9a-f]{8}|[0-9a-f]{12}))?\.(tmp|ready|old)$/;

/** What a process of which nothing is known has not touched for so long is left behind: files are written in seconds. */
const PATIENCE_MS = 60_000;

/** A random part of a name: nobody can have put a file or a link there before. */
export function randomToken(): string {
  return randomBytes(6).toString('hex');
}

/** A random part of a name that also tells which process has made it. */
export function ownToken(pid = process.pid): string {
  const { host, start } = markOf(pid);
  const since = start === '' ? '' : Number(start).toString(36);
  return [host.slice(0, HOST_CHARACTERS), pid.toString(36), since, randomBytes(4).toString('hex')].join('-');
}

/** A name beside a file, hidden from `ls`, that says what it is for. */
export function besideName(path: string, token: string, role: BesideRole): string {
  return join(dirname(path), `.${basename(path)}.${token}.${role}`);
}

/** The parts of a name that `besideName` has made, or `.NAME.tmp` of earlier versions; null for any other. */
export function parseBesideName(name: string): BesideName | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  const [, target, token] = match as unknown as readonly [string, string, string | undefined];
  const role = match[3] as BesideRole;
  if (token !== undefined) return { target, token, role };
  return role === 'tmp' ? { target, token: '', role } : null;
}

/** Whether whoever has made a file beside another has ended, and will not come back to it. */
export async function isAbandoned(path: string): Promise<boolean> {
  const parts = parseBesideName(basename(path));
  if (parts === null) return false;
  if (parts.token === '') return true;
  const match = TOKEN.exec(parts.token);
  if (match?.[1] === hostMark().slice(0, HOST_CHARACTERS)) {
    const since = match[3] === '' ? '' : String(Number.parseInt(match[3], 36));
    return isRunning({ host: hostMark(), pid: Number.parseInt(match[2], 36), start: since }) === false;
  }
  const found = await lstat(path).catch(() => null);
  return found !== null && Date.now() - Math.max(found.mtimeMs, found.ctimeMs) > PATIENCE_MS;
}
