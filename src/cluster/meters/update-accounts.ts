import { CONSUMPTION_MODES } from '../model/kinds.js';
import type { RunInput } from '../model/model-input.js';
import { DelayCollector, type DelayPart } from './delay-collector.js';
import { type SampledPart, SampledProjections } from './sampled-projections.js';
import { NEVER_ENV, NEVER_IMMUTABLE, NEVER_SUB_PATH } from './slot-states.js';

const NEVER = ['neverSubPath', 'neverEnv', 'neverImmutable', 'neverLone'] as const;
const COUNTED = ['due', 'reached', 'replaced', ...NEVER, 'goneFirst'] as const;

/** The accounts of some of a run's nodes. */
export interface AccountsPart extends Readonly<Record<(typeof COUNTED)[number], Int32Array>> {
  readonly staleUs: number;
  readonly startedStale: number;
  /** By class and mode. */
  readonly collectors: readonly (readonly [key: number, delays: DelayPart])[];
  readonly sampled: SampledPart | null;
}

/** What all ledgers of a run, each of some of its nodes, count together. */
export class UpdateAccounts {
  /** Per update: consumers by what became of them. */
  readonly due: Int32Array;
  readonly reached: Int32Array;
  /** Of those reached: by a new pod in the place of theirs. */
  readonly replaced: Int32Array;
  readonly neverSubPath: Int32Array;
  readonly neverEnv: Int32Array;
  readonly neverImmutable: Int32Array;
  readonly neverLone: Int32Array;
  /** Consumers whose place went first: no pod will follow theirs. */
  readonly goneFirst: Int32Array;
  /** Consumer-microseconds with outdated content, and containers that started with it, of nodes that are done. */
  staleUs = 0;
  startedStale = 0;
  /** By class and mode (volume, projected). */
  readonly collectors = new Map<number, DelayCollector>();
  readonly sampled: SampledProjections | null;

  /** First slot of each update in the ledger that is in use. */
  readonly firstSlot: Float64Array;

  constructor(updates: number, samples: RunInput['samples']) {
    this.firstSlot = new Float64Array(updates);
    this.due = new Int32Array(updates);
    this.reached = new Int32Array(updates);
    this.replaced = new Int32Array(updates);
    this.neverSubPath = new Int32Array(updates);
    this.neverEnv = new Int32Array(updates);
    this.neverImmutable = new Int32Array(updates);
    this.neverLone = new Int32Array(updates);
    this.goneFirst = new Int32Array(updates);
    this.sampled = samples === 'none' ? null : new SampledProjections();
  }

  /** Consumers that an update never reaches, for the reason that their slots tell, per update. */
  neverOf(state: number): Int32Array {
    switch (state) {
      case NEVER_SUB_PATH:
        return this.neverSubPath;
      case NEVER_ENV:
        return this.neverEnv;
      case NEVER_IMMUTABLE:
        return this.neverImmutable;
      default:
        return this.neverLone;
    }
  }

  /** The delays of a class of objects and a mode. */
  collectorOf(objectClass: number, mode: number): DelayCollector {
    return this.collectorFor(objectClass * CONSUMPTION_MODES.length + mode);
  }

  /** The accounts so far, to be added to others of the same run. */
  part(): AccountsPart {
    const { due, reached, replaced, neverSubPath, neverEnv, neverImmutable, neverLone, goneFirst } = this;
    const { staleUs, startedStale, sampled } = this;
    return {
      due,
      reached,
      replaced,
      neverSubPath,
      neverEnv,
      neverImmutable,
      neverLone,
      goneFirst,
      staleUs,
      startedStale,
      collectors: [...this.collectors].map(([key, collector]) => [key, collector.part()]),
      sampled: sampled && sampled.part(),
    };
  }

  /** Adds the accounts of other nodes. */
  absorb(part: AccountsPart): void {
    for (const column of COUNTED) part[column].forEach((count, update) => (this[column][update] += count));
    this.staleUs += part.staleUs;
    this.startedStale += part.startedStale;
    for (const [key, delays] of part.collectors) this.collectorFor(key).absorb(delays);
    if (part.sampled !== null) this.sampled?.absorb(part.sampled);
  }

  private collectorFor(key: number): DelayCollector {
    let collector = this.collectors.get(key);
    if (collector === undefined) {
      collector = new DelayCollector();
      this.collectors.set(key, collector);
    }
    return collector;
  }
}
