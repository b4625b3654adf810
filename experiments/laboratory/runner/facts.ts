import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the Go program has seen; names and meanings are those of its types. All times in seconds since 1970. */
export interface Facts {
  readonly events: readonly EventFact[];
  readonly pods: readonly PodFact[];
  readonly updates: readonly UpdateFact[];
  readonly rewrites: readonly UpdateFact[];
  readonly projections: readonly ProjectionFact[];
  readonly samples: readonly SampleFact[];
  /** In the order of time. */
  readonly dials: readonly DialFact[];
}

/** Something that happened to the whole laboratory. */
export interface EventFact {
  readonly at: number;
  readonly event: string;
  readonly apiServerCPUSeconds?: number;
  readonly clientsCPUSeconds?: number;
}

/** A pod, and when it came and went; 0: it did not. */
export interface PodFact {
  readonly pod: string;
  readonly group: string;
  readonly node: string;
  readonly sentAt: number;
  readonly acknowledgedAt: number;
  readonly startedAt: number;
  readonly runningAt: number;
  readonly deletedAt: number;
  readonly goneAt: number;
}

/** A write. */
export interface UpdateFact {
  readonly kind: string;
  readonly object: string;
  readonly version: number;
  readonly sentAt: number;
  readonly acknowledgedAt: number;
  readonly resourceVersion: string;
  readonly error?: string;
}

/** A change of a volume's files. */
export interface ProjectionFact {
  readonly group: string;
  readonly node: string;
  readonly pod: string;
  readonly kind: string;
  readonly object: string;
  readonly version: number;
  readonly at: number;
  readonly first: boolean;
  readonly tokenChanged?: boolean;
}

/** An attempt of a kubelet to set up a connection; `class` says why there is none. */
export interface DialFact {
  readonly at: number;
  readonly node: string;
  readonly class: string;
}

/** What the servers' processes held and had used. */
export interface SampleFact {
  readonly at: number;
  readonly apiServer: UsageFact;
  readonly etcd: UsageFact;
  readonly heapBytes: number;
  readonly stackBytes: number;
  readonly goroutines: number;
  readonly secretWatches: number;
  readonly configMapWatches: number;
  readonly watches: number;
}

interface UsageFact {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Reads the facts of a folder; a kind of which nothing was seen has no file. */
export function readFacts(folder: string): Facts {
  return {
    events: lines(folder, 'events'),
    pods: lines(folder, 'pods'),
    updates: lines(folder, 'updates'),
    rewrites: lines(folder, 'rewrites'),
    projections: lines(folder, 'projections'),
    samples: lines(folder, 'samples'),
    dials: dialsIn(join(folder, 'dials')),
  };
}

/** Each kubelet has a file of its own. */
function dialsIn(folder: string): DialFact[] {
  if (!existsSync(folder)) return [];
  const kinds = readdirSync(folder).map((name) => name.replace(/\.jsonl$/, ''));
  return kinds.flatMap((kind) => lines<DialFact>(folder, kind)).sort((a, b) => a.at - b.at);
}

/** Facts of a kind, in the order in which they were seen. */
export function lines<Fact>(folder: string, kind: string): Fact[] {
  const path = join(folder, `${kind}.jsonl`);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Fact);
}
