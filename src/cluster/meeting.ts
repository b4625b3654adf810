import type { EventHandler, Simulator } from '../sim/simulator.js';
import { CAST_ACTIONS, changesOf } from './cast/cast.js';
import { Controllers } from './kube-controller-manager/controllers.js';
import type { Etcd } from './etcd.js';
import { ADD, CHANGE, ENDED, IS_RUNNING, KUBELET_RESTARTS, NODE_STATUS, POD_ENDS, STARTS, STOPS } from './events.js';
import type { Fabric } from './fabric.js';
import type { Kubelet } from './kubelet.js';
import type { RunInput, TimelineAction } from './model-input.js';
import { occurrenceAddress } from './random-addresses.js';
import type { Randomness } from './randomness.js';
import type { Reads } from './reads.js';
import { Replacements } from './replacements.js';
import type { ObjectManager } from './secret-manager/manager.js';
import { WatchManager } from './secret-manager/watch.js';
import { occurrences } from './timeline.js';
import type { Topology } from './topology.js';
import { DEFAULT_TTL_SECONDS } from './kube-controller-manager/ttl-controller.js';
import type { UpdateLedger } from './update-ledger.js';

/** From the end of a kubelet to its successor's first sync (assumption). */
const KUBELET_RESTART_US = 5e6;

/** What meets. */
export interface MeetingParts {
  readonly sim: Simulator;
  readonly input: RunInput;
  readonly topology: Topology;
  readonly etcd: Etcd;
  readonly ledger: UpdateLedger;
  readonly random: Randomness;
  readonly fabric: Fabric;
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
  /** Index in the cast's replacements of each object that is created in place of another. */
  private readonly replacementOf = new Map<number, number>();

  constructor(private readonly parts: MeetingParts) {
    const { topology, etcd, ledger, input, random, sim, fabric, manager, kubelet, reads } = parts;
    const { cast } = topology;
    this.replacements = new Replacements(topology, etcd, ledger);
    this.controllers =
      cast === null
        ? null
        : new Controllers(topology, cast, input, random, {
            startPod: (pod, at) => sim.schedule(at, ADD, pod),
            endPod: (pod, at) => sim.schedule(at, POD_ENDS, pod),
          });
    cast?.replacementObject.forEach((object, index) => this.replacementOf.set(object, index));
    fabric.manager = manager;
    fabric.listener = {
      committed: (revision) => this.committed(revision),
      received: (entry, revision) => kubelet.received(entry, revision),
      tokenAnswered: (request, read) => kubelet.waiting?.tokenAnswered(request, read),
    };
    manager.waits = {
      sim,
      reads,
      requests: fabric.requests,
      client: fabric.client,
      resume: (read) => kubelet.waiting?.resume(read),
    };
    if (manager instanceof WatchManager && fabric.loops !== null) {
      fabric.loops.listener = manager;
      manager.changed = (entry) => kubelet.changed(entry);
    }
    if (kubelet.references !== null)
      kubelet.references.arrives = (pod, known) => fabric.authorizer.podArrives(pod, sim.now, known);
    kubelet.running = (pod, at) => this.podRuns(pod, at);
    kubelet.parts.statuses.onRunning = (pod) => this.controllers?.podRunning(pod, sim.now);
  }

  /** Schedules what the timeline does, once nodes are in operation. */
  start(): void {
    this.parts.fabric.start();
    this.scheduleKubeletRestarts();
    this.scheduleChanges();
  }

  /** True while a write of the measured period is still to be answered. */
  get writing(): boolean {
    return this.parts.fabric.writers.unanswered > 0;
  }

  handle(kind: number, entity: number, argument: number): void {
    const { fabric, kubelet } = this.parts;
    if (fabric.handle(kind, entity, argument)) return;
    if (kind === CHANGE) this.change(entity);
    else if (kind === NODE_STATUS) this.annotate(entity);
    else if (kind === POD_ENDS) this.podEnds(entity);
    else kubelet.handle(kind, entity, argument);
  }

  /** Pods or nodes begin to come or go; where nodes do, the annotations of all may follow. */
  private change(change: number): void {
    const { topology, sim } = this.parts;
    const { controllers } = this;
    const { cast } = topology;
    if (controllers === null || cast === null) return;
    controllers.begin(change, sim.now);
    if (cast.movedStart[change] === cast.movedStart[change + 1]) return;
    for (let node = 0; node < topology.nodeCount; node++) {
      sim.schedule(controllers.ttl.nextReport(node, sim.now), NODE_STATUS, node);
    }
    const leave = CAST_ACTIONS[cast.changeAction[change]] === 'removeNodes';
    for (let i = cast.movedStart[change]; i < cast.movedStart[change + 1]; i++) {
      if (leave) this.parts.fabric.client.nodeGone(cast.movedNodes[i]);
      else this.annotate(cast.movedNodes[i]);
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
    const { etcd, ledger, kubelet, topology, sim } = this.parts;
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
    for (let i = topology.objectEntryStart[audience]; i < topology.objectEntryStart[audience + 1]; i++) {
      kubelet.becomeDue(topology.objectEntries[i], revision);
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
    const { input, topology, sim, random } = this.parts;
    input.timeline.forEach((entry, index) => {
      if (entry.action !== 'restartKubelet') return;
      occurrences(entry, index, input.durationUs, random).forEach((at, occurrence) => {
        for (let node = 0; node < topology.nodeCount; node++) {
          const stream = occurrenceAddress(index, occurrence);
          const u = random.timeline.uniform(topology.nodeNameHigh[node], topology.nodeNameLow[node], stream);
          if (u >= entry.nodes) continue;
          sim.schedule(at, KUBELET_RESTARTS, node, STOPS);
          sim.schedule(at + KUBELET_RESTART_US, KUBELET_RESTARTS, node, STARTS);
        }
      });
    });
  }

  private scheduleChanges(): void {
    const { input, topology, sim, random } = this.parts;
    const { cast } = topology;
    if (cast === null) return;
    input.timeline.forEach((entry, index) => {
      const changes = changesOf(cast, index);
      if (changes.length === 0) return;
      occurrences(entry, index, input.durationUs, random).forEach((at, occurrence) => {
        sim.schedule(at, CHANGE, changes[occurrence]);
      });
    });
  }
}

/** Actions of the timeline under which kubelets meet, although no request queues. */
const MEETING_ACTIONS: readonly TimelineAction['action'][] = [
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
export function meetsAtServers(input: RunInput): boolean {
  return (
    input.apiServer.capacity !== 'unlimited' || input.timeline.some(({ action }) => MEETING_ACTIONS.includes(action))
  );
}
