import type { EventHandler, Simulator } from '../../sim/simulator.js';
import { LIFECYCLE_ACTIONS, changesOf } from '../population/lifecycle-plan.js';
import { Controllers } from '../kube-controller-manager/controllers.js';
import type { Etcd } from '../etcd/etcd.js';
import {
  ADD,
  CHANGE,
  ENDED,
  IS_RUNNING,
  KUBELET_RESTARTS,
  NODE_STATUS,
  POD_ENDS,
  STARTS,
  STOPS,
} from '../model/events.js';
import type { ControlPlane } from './control-plane.js';
import type { Kubelet } from '../kubelet/kubelet.js';
import type { RunInput, TimelineAction } from '../model/model-input.js';
import { occurrenceAddress } from '../model/random-addresses.js';
import type { Randomness } from '../model/randomness.js';
import type { Reads } from '../kubelet/reads.js';
import { Replacements } from '../meters/replacements.js';
import type { ObjectManager } from '../kubelet/secret-manager/manager.js';
import { WatchManager } from '../kubelet/secret-manager/watch.js';
import { occurrences } from '../model/timeline.js';
import type { Population } from '../population/population.js';
import { DEFAULT_TTL_SECONDS } from '../kube-controller-manager/ttl-controller.js';
import type { UpdateLedger } from '../meters/update-ledger.js';

/** From the end of a kubelet to its successor's first sync (assumption). */
const KUBELET_RESTART_US = 5e6;

/** What meets. */
export interface MeetingParts {
  readonly sim: Simulator;
  readonly input: RunInput;
  readonly population: Population;
  readonly etcd: Etcd;
  readonly ledger: UpdateLedger;
  readonly random: Randomness;
  readonly controlPlane: ControlPlane;
  readonly kubelet: Kubelet;
  readonly manager: ObjectManager;
  readonly reads: Reads;
  /** TTL of cached objects by node, µs: it follows the number of nodes. */
  readonly ttlUs: Float64Array;
}

/**
 * Kubelets, API servers and controllers in one event queue: tells each of what concerns it, and brings what the
 * timeline does to servers, kubelets, pods and nodes.
 */
export class Meeting implements EventHandler {
  /** Present where pods or nodes come and go. */
  readonly controllers: Controllers | null;
  private readonly replacements: Replacements;
  /** Index in the lifecycle plan's replacements of each object that is created in place of another. */
  private readonly replacementOf = new Map<number, number>();

  constructor(private readonly parts: MeetingParts) {
    const { population, etcd, ledger, input, random, sim, controlPlane, manager, kubelet, reads } = parts;
    const { lifecycle } = population;
    this.replacements = new Replacements(population, etcd, ledger);
    this.controllers =
      lifecycle === null
        ? null
        : new Controllers(population, lifecycle, input, random, {
            startPod: (pod, at) => sim.schedule(at, ADD, pod),
            endPod: (pod, at) => sim.schedule(at, POD_ENDS, pod),
          });
    lifecycle?.replacementObject.forEach((object, index) => this.replacementOf.set(object, index));
    controlPlane.manager = manager;
    controlPlane.listener = {
      committed: (revision) => this.committed(revision),
      received: (entry, revision) => kubelet.received(entry, revision),
      tokenAnswered: (request, read) => kubelet.waiting?.tokenAnswered(request, read),
    };
    manager.waits = {
      sim,
      reads,
      requests: controlPlane.requests,
      client: controlPlane.client,
      resume: (read) => kubelet.waiting?.resume(read),
    };
    if (manager instanceof WatchManager && controlPlane.loops !== null) {
      controlPlane.loops.listener = manager;
      manager.changed = (entry) => kubelet.changed(entry);
    }
    if (kubelet.references !== null)
      kubelet.references.arrives = (pod, known) => controlPlane.authorizer.podArrives(pod, sim.now, known);
    kubelet.running = (pod, at) => this.podRuns(pod, at);
    kubelet.parts.statuses.onRunning = (pod) => this.controllers?.podRunning(pod, sim.now);
  }

  /** Schedules what the timeline does, once nodes are in operation. */
  start(): void {
    this.parts.controlPlane.start();
    this.scheduleKubeletRestarts();
    this.scheduleChanges();
  }

  /** True while a write of the measured period is still to be answered. */
  get writing(): boolean {
    return this.parts.controlPlane.writers.unanswered > 0;
  }

  handle(kind: number, entity: number, argument: number): void {
    const { controlPlane, kubelet } = this.parts;
    if (controlPlane.handle(kind, entity, argument)) return;
    if (kind === CHANGE) this.change(entity);
    else if (kind === NODE_STATUS) this.annotate(entity);
    else if (kind === POD_ENDS) this.podEnds(entity);
    else kubelet.handle(kind, entity, argument);
  }

  /** Pods or nodes begin to come or go; where nodes do, the annotations of all may follow. */
  private change(change: number): void {
    const { population, sim } = this.parts;
    const { controllers } = this;
    const { lifecycle } = population;
    if (controllers === null || lifecycle === null) return;
    controllers.begin(change, sim.now);
    if (lifecycle.movedStart[change] === lifecycle.movedStart[change + 1]) return;
    for (let node = 0; node < population.nodeCount; node++) {
      sim.schedule(controllers.ttl.nextReport(node, sim.now), NODE_STATUS, node);
    }
    const leave = LIFECYCLE_ACTIONS[lifecycle.changeAction[change]] === 'removeNodes';
    for (let i = lifecycle.movedStart[change]; i < lifecycle.movedStart[change + 1]; i++) {
      if (leave) this.parts.controlPlane.client.nodeGone(lifecycle.movedNodes[i]);
      else this.annotate(lifecycle.movedNodes[i]);
    }
  }

  /** The TTL controller sets a node's annotation, where it is in charge of it. */
  private annotate(node: number): void {
    const { controllers } = this;
    const { ttlUs, input, sim } = this.parts;
    if (controllers === null || input.kubelet.nodeTtl !== 'auto') return;
    const seconds = controllers.ttl.ttlSeconds(node, sim.now);
    ttlUs[node] = (Number.isNaN(seconds) ? DEFAULT_TTL_SECONDS : seconds) * 1e6;
  }

  private committed(revision: number): void {
    const { etcd, ledger, kubelet, population, sim } = this.parts;
    const update = etcd.update[revision];
    if (update < 0) return;
    ledger.opens(update);
    if (this.replacements.isReplacement(update)) {
      this.replacements.committed(update, (pod) => kubelet.phase[pod] === IS_RUNNING);
      const replacement = this.replacementOf.get(etcd.object[revision]);
      if (replacement !== undefined) this.controllers?.objectCreated(replacement, sim.now);
      return;
    }
    const audience = etcd.updateAudience[update];
    for (let i = population.objectEntryStart[audience]; i < population.objectEntryStart[audience + 1]; i++) {
      kubelet.becomeDue(population.objectEntries[i], revision);
    }
  }

  private podRuns(pod: number, at: number): void {
    this.replacements.runs(pod, this.parts.kubelet.knownAt(pod), at);
  }

  /** A pod ends once, although its end may have been moved forward. */
  private podEnds(pod: number): void {
    const { kubelet } = this.parts;
    if (kubelet.phase[pod] === ENDED) return;
    kubelet.lifecycle.podEnds(pod);
    this.controllers?.podEnded(pod);
  }

  private scheduleKubeletRestarts(): void {
    const { input, population, sim, random } = this.parts;
    input.timeline.forEach((entry, index) => {
      if (entry.action !== 'restartKubelet') return;
      occurrences(entry, index, input.durationUs, random).forEach((at, occurrence) => {
        for (let node = 0; node < population.nodeCount; node++) {
          const stream = occurrenceAddress(index, occurrence);
          const u = random.timeline.uniform(population.nodeNameHigh[node], population.nodeNameLow[node], stream);
          if (u >= entry.nodes) continue;
          sim.schedule(at, KUBELET_RESTARTS, node, STOPS);
          sim.schedule(at + KUBELET_RESTART_US, KUBELET_RESTARTS, node, STARTS);
        }
      });
    });
  }

  private scheduleChanges(): void {
    const { input, population, sim, random } = this.parts;
    const { lifecycle } = population;
    if (lifecycle === null) return;
    input.timeline.forEach((entry, index) => {
      const changes = changesOf(lifecycle, index);
      if (changes.length === 0) return;
      occurrences(entry, index, input.durationUs, random).forEach((at, occurrence) => {
        sim.schedule(at, CHANGE, changes[occurrence]);
      });
    });
  }
}

/** Actions of the timeline under which kubelets meet, although no request queues. */
const COUPLING_ACTIONS: readonly TimelineAction['action'][] = [
  'replace',
  'rollout',
  'restartApiServer',
  'restartKubelet',
  'addNodes',
  'removeNodes',
  'churnPods',
  'rotateEncryptionKey',
];

/** True where what one kubelet does can delay another, or a server or pod comes or goes. */
export function isCoupled(input: RunInput): boolean {
  return (
    input.apiServer.capacity !== 'unlimited' || input.timeline.some(({ action }) => COUPLING_ACTIONS.includes(action))
  );
}
