import { OWN_MEMORY, ReusedMemory } from '../../sim/memory.js';
import type { NodeRange } from '../model/node-range.js';
import { isCoupled } from '../model/coupling.js';
import type { RunInput } from '../model/model-input.js';
import type { Observer } from '../model/observer.js';
import type { RunRecord } from '../model/run-record.js';
import { countWrites } from '../meters/count-writes.js';
import type { NodeSource } from '../population/node-source.js';
import { collectRecord } from '../record/collect-record.js';
import { FinishedRun } from '../record/finished-run.js';
import { NO_FIGURES } from '../record/server-figures.js';
import { type RunWaves, wavesOf } from '../record/waves.js';
import type { RunCore } from '../record/run-core.js';
import { buildCore } from './build-core.js';
import type { RunPart } from './run-part.js';
import { runSpan, type RunSpan } from './run-span.js';
import { addTotals, noTotals, type RunTotals } from '../record/run-totals.js';
import { SectionRun } from './section-run.js';

/**
 * Nodes whose state is in memory at a time, where nodes do not meet: few enough to stay in the processor's caches. Deployments
 * of 10, 20, 30, 40 or 60 replicas are cut alike by all sections, which have one shape then, and are linked once.
 */
export const SECTION_NODES = 120;
/**
 * Nodes of the first section on a thread. V8 learns what objects look like as the first two of a kind are made and added up,
 * and throws away what it has compiled before on other assumptions: better before there is much (measured: 8 % of the CPU
 * of 5,000 nodes).
 */
export const FIRST_SECTION_NODES = 1;

/**
 * For the state of one section at a time, and for the columns of its population. Runs of a thread come one after another,
 * and what is there of a section has been settled before the next one is built.
 */
const STATE = new ReusedMemory();
const COLUMNS = new ReusedMemory();

/** How a run is made, besides its input: the result is the same. */
export interface RunManner {
  /** True where every sync is an event. */
  readonly eager: boolean;
  /** True where somebody wants to see the whole cluster at the end. */
  readonly whole: boolean;
  readonly observer: Observer | null;
}

/** One run: its sections, one after another, and what is read off them. */
export class ClusterRun {
  /** True where kubelets meet at API servers, so that all of them run in one queue. */
  private readonly coupled: boolean;
  private readonly core: RunCore;
  private readonly span: RunSpan;
  private readonly totals: RunTotals;
  /** The one section that has all nodes, and is kept; null: there are several. */
  private all: SectionRun | null = null;
  /** Random numbers that building the run has drawn, and that other parts of it have. */
  private readonly drawsBefore: number;
  private drawnElsewhere = 0;

  constructor(
    input: RunInput,
    replication: number,
    private readonly source: NodeSource,
    private readonly manner: RunManner,
  ) {
    this.coupled = isCoupled(input);
    this.core = buildCore(input, replication, source, !this.coupled, manner.observer);
    this.span = runSpan(input, this.core.etcd, source.facts, this.coupled);
    this.totals = noTotals(input.durationUs);
    this.drawsBefore = this.draws;
  }

  /** `onProgress` is told now and then how much is done, from 0 to 1. */
  run(onProgress?: (share: number) => void): void {
    const { nodeCount } = this.source.facts;
    if (this.splits) {
      for (let first = 0, last = FIRST_SECTION_NODES; first < nodeCount; first = last, last += SECTION_NODES) {
        this.runPart([first, Math.min(nodeCount, last)], (done) => onProgress?.((first + done) / nodeCount));
      }
      return;
    }
    const all = this.sectionOf([0, nodeCount]);
    this.all = all;
    if (this.coupled || this.manner.eager) all.runNodes(0, nodeCount, onProgress);
    else for (let node = 0; node < nodeCount; node++) all.runNodes(node, node + 1);
    this.settle(all);
  }

  /** True where nodes are simulated section by section, so that threads can share them. */
  get splits(): boolean {
    return !this.manner.eager && !this.manner.whole && !this.coupled;
  }

  /** Simulates some nodes of a run that splits; `onNode` is told how many are done. */
  runPart(range: NodeRange, onNode?: (done: number) => void): void {
    const section = this.sectionOf(range);
    for (let node = 0; node < range[1] - range[0]; node++) {
      section.runNodes(node, node + 1);
      onNode?.(node + 1);
    }
    this.settle(section);
  }

  /** What the nodes did that have been simulated here, for the run that the others of it are simulated in. Once. */
  part(): RunPart {
    const { core, totals } = this;
    core.lives.settle();
    core.tally.settle();
    return {
      load: core.load.part(),
      accounts: core.accounts.part(),
      outcomes: core.outcomes.part(),
      groups: core.groups?.part() ?? null,
      audiences: core.audiences.part(),
      fingerprint: core.fingerprint.part(),
      totals,
      events: core.sim.handled,
      draws: this.draws - this.drawsBefore,
    };
  }

  /** Adds what other nodes of the run did that were simulated elsewhere. */
  absorb(part: RunPart): void {
    const { core } = this;
    core.load.absorb(part.load);
    core.accounts.absorb(part.accounts);
    core.outcomes.absorb(part.outcomes);
    if (part.groups !== null) core.groups?.absorb(part.groups);
    core.audiences.absorb(part.audiences);
    core.fingerprint.absorb(part.fingerprint);
    addTotals(this.totals, part.totals);
    core.sim.handled += part.events;
    this.drawnElsewhere += part.draws;
  }

  /** What happened on which node; after `run`, where the whole cluster was wanted. */
  waves(): RunWaves {
    if (this.all === null) throw new RangeError('waves are read off a whole cluster');
    const { population, etcd, ledger } = this.all.world;
    return wavesOf(population, etcd, ledger, this.all.driver.storms);
  }

  /** The run for those who look at some of it; after `run`. Once, and not beside `record`. */
  finished(): FinishedRun {
    const { core, totals } = this;
    const { writes, load, input, random } = core;
    if (!this.coupled) countWrites(writes, this.source.objects, input, random, load);
    return new FinishedRun(core, totals, this.all?.driver.figures() ?? NO_FIGURES);
  }

  /** What is measured of the run; after `run`. Once. */
  record(): RunRecord {
    const record = collectRecord(this.finished());
    return { ...record, execution: { events: this.core.sim.handled, draws: this.draws + this.drawnElsewhere } };
  }

  private sectionOf([first, last]: NodeRange): SectionRun {
    const { core, span, coupled, manner, source } = this;
    const { eager } = manner;
    if (!this.splits)
      return new SectionRun(core, source.section(first, last), span, { coupled, eager, memory: OWN_MEMORY });
    COLUMNS.reuse();
    STATE.reuse();
    return new SectionRun(core, source.section(first, last, COLUMNS), span, { coupled, eager, memory: STATE });
  }

  private settle(section: SectionRun): void {
    addTotals(this.totals, section.settle());
  }

  /** Random numbers drawn here so far. */
  private get draws(): number {
    return Object.values(this.core.random).reduce((sum, stream) => sum + stream.draws, 0);
  }
}
