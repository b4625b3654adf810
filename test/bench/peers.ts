import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeCommand } from './fresh-process.js';
import { PEERS_FOLDER, requirePeer } from './peers/node-program.js';

/** An engine that is compared with ours. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** Program and first arguments; the arguments that describe the timers follow. */
  readonly command: readonly string[];
  /** True where fewer timers are timed, for it would take minutes. */
  readonly slow: boolean;
}

/** The peers that this machine has, and what to do about those that it has not. */
export interface FoundPeers {
  readonly peers: readonly Peer[];
  readonly missing: readonly string[];
}

/** Our own engine's program, with which each peer's is compared. */
export const OWN = nodeCommand(new URL('peers/secretsim.js', import.meta.url));

const INTERPRETERS = ['python3', '/usr/bin/python3'];
/** Those of ns-3, and whether they are slow: the calendar's cost per event explodes at a million. */
const SCHEDULERS = [
  ['MapScheduler', false],
  ['HeapScheduler', false],
  ['CalendarScheduler', true],
  ['PriorityQueueScheduler', false],
] as const;

const source = (name: string): string => fileURLToPath(new URL(name, PEERS_FOLDER));

/** What a program prints; null where it is not there or fails. */
function attempt(program: string, ...args: readonly string[]): string | null {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

/** Compiles a program in C++ into a folder. @returns its path; null where there is no compiler, or a library is missing */
export function compiled(
  name: string,
  options: readonly string[],
  folder: string,
  libraries: readonly string[] = [],
): string | null {
  const program = join(folder, basename(name, '.cpp'));
  const built = attempt('g++', '-std=c++17', ...options, source(name), '-o', program, ...libraries);
  return built === null ? null : program;
}

function npmPeer(library: string, name: string, slow: boolean): FoundPeers {
  try {
    const manifest = join(dirname(requirePeer.resolve(library)), 'package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const command = nodeCommand(new URL(`peers/${library}.js`, import.meta.url));
    return { peers: [{ name, version, command, slow }], missing: [] };
  } catch {
    return { peers: [], missing: [`${name}: not installed, skipped; install with: npm ci --prefix test/bench/peers`] };
  }
}

function simPyPeers(): FoundPeers {
  const interpreters = new Map<string, string>();
  for (const interpreter of INTERPRETERS) {
    const version = attempt(
      interpreter,
      '-c',
      'import simpy, platform; print(simpy.__version__, "on Python", platform.python_version())',
    );
    if (version !== null && !interpreters.has(version)) interpreters.set(version, interpreter);
  }
  const peers = [...interpreters].flatMap(([version, interpreter]) =>
    ['processes', 'callbacks'].map((style) => ({
      name: `SimPy ${style}`,
      version,
      command: [interpreter, source('simpy_timers.py'), style],
      slow: true,
    })),
  );
  const hint = 'SimPy: not installed, skipped; install with: apt-get install python3-simpy3 (or pip install simpy)';
  return { peers, missing: peers.length === 0 ? [hint] : [] };
}

function ns3Peers(folder: string): FoundPeers {
  const version = attempt('pkg-config', '--modversion', 'ns3-core');
  const program = version === null ? null : compiled('ns3-timers.cpp', ['-O2'], folder, ['-lns3-core']);
  if (version === null || program === null) {
    const hint = 'ns-3: not installed, skipped; install with: apt-get install libns3-dev g++ pkg-config';
    return { peers: [], missing: [hint] };
  }
  const peers = SCHEDULERS.map(([scheduler, slow]) => ({
    name: `ns-3 ${scheduler}`,
    version,
    command: [program, `ns3::${scheduler}`],
    slow,
  }));
  return { peers, missing: [] };
}

/** Looks for the peers on this machine; what has to be compiled goes to a folder. */
export function findPeers(folder: string): FoundPeers {
  const found = [
    npmPeer('flatqueue', 'generators on flatqueue', false),
    npmPeer('simjs', 'simjs', true),
    simPyPeers(),
    ns3Peers(folder),
  ];
  return { peers: found.flatMap(({ peers }) => peers), missing: found.flatMap(({ missing }) => missing) };
}
