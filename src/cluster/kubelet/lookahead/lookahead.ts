import type { World } from '../../world/world.js';
import type { NodeClocks } from '../node-clocks.js';

/** What a lookahead is built from. */
export interface LookaheadParts {
  readonly world: World;
  readonly clocks: NodeClocks;
  /** Content number that each consumer's files show. */
  readonly shown: Int32Array;
  /** True for pods whose syncs have effects of their own. */
  readonly matters: (pod: number) => boolean;
  /** Makes a pod's first read from a time on an event. */
  readonly plan: (pod: number, time: number) => void;
  /** Carries out a read now of which it is known what it finds, and which somebody else counts. */
  readonly carryOut: (read: FoundRead) => void;
}

/** A read of a volume of one source by a running pod, and what it finds. */
export interface FoundRead {
  consumer: number;
  revision: number;
  /** When its sync begins, when it leaves, and when it is answered, µs. */
  syncStart: number;
  at: number;
  doneAt: number;
}

/**
 * What is known beforehand of a pod's reads where they are requests, under Cache and Get: which of them can have an
 * effect. The others are only counted.
 */
export interface Lookahead {
  /** Looks at a node whose clocks stand at their first syncs; nothing at or after `horizon` matters. */
  inspect(node: number, horizon: number): void;

  /** True where the pod's clock is walked, so that only reads that can have an effect are events. */
  walks(pod: number): boolean;

  /** The first time at which a read of the pod can have an effect, as far as is known at `now`; −Infinity: the next one. */
  mattersFrom(pod: number, now: number): number;

  /** True for an entry whose fetches are carried out ahead of the clocks. */
  isAhead(entry: number): boolean;

  /** The read of the pod's sync that began at `start` is carried out, now. */
  carriesOut(pod: number, start: number): void;

  /** That read is over, at `now`. */
  follow(pod: number, now: number): void;

  /** A revision of an entry's object is committed, now, and its consumers are due for it. */
  committed(entry: number, revision: number): void;

  /** The measured period ended at `end`: counts the reads of a pod up to then that nobody has waited for. */
  finish(pod: number, end: number): void;

  /** All nodes are done: what has been counted for many of them together goes where it belongs. Once. */
  settle(): void;
}
