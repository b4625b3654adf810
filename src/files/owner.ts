import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from every other that was, is or will be. */
export interface ProcessMark {
  /** Machine, boot and PID namespace, hashed: within one, process numbers mean the same. */
  readonly host: string;
  readonly pid: number;
  /** When the process started, in the system's own count; process numbers are given out again. */
  readonly start: string;
}

/** What a process of this machine is known by. */
export function markOf(pid: number): ProcessMark {
  return pid === process.pid ? (own ??= markNow(pid)) : markNow(pid);
}

/** The mark of this process: each file that it writes has it in its name until it is in place. */
let own: ProcessMark | null = null;

function markNow(pid: number): ProcessMark {
  return { host: hostMark(), pid, start: startOf(pid) };
}

/** Whether a process still runs; null where it is one of another machine or container, of which nothing is known here. */
export function isRunning({ host, pid, start }: ProcessMark): boolean | null {
  if (host !== hostMark()) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startOf(pid) === start;
}

let mark: string | null = null;

/** What tells apart the places where process numbers mean the same. */
export function hostMark(): string {
  if (mark === null) {
    const parts = [hostname(), orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))];
    parts.push(orEmpty(() => readlinkSync('/proc/self/ns/pid')));
    mark = createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
  }
  return mark;
}

/** When a process started: the 22nd field of its line in proc(5), counted behind its name; empty where unknown. */
function startOf(pid: number): string {
  return orEmpty(() => {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  });
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
