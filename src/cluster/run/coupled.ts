import { NodeAuthorizer } from '../kube-apiserver/node-authorizer.js';
import { entriesOf, Kubelet } from '../kubelet/kubelet.js';
import { PodReferences } from '../kubelet/pod-references.js';
import type { ObjectManager } from '../kubelet/secret-manager/manager.js';
import { strategyNamed } from '../kubelet/secret-manager/strategies.js';
import { managersOf } from '../kubelet/projected-sources.js';
import { TokenManager } from '../kubelet/token-manager.js';
import { Replacements } from '../meters/replacements.js';
import { LIFECYCLE_ACTIONS } from '../population/lifecycle-plan.js';
import type { StartedPod } from '../meters/successions.js';
import type { StormLog } from '../meters/storm-log.js';
import { EVENT } from '../model/events.js';
import { Operators } from '../operators/operators.js';
import type { ServerFigures } from '../record/server-figures.js';
import type { World } from '../world/world.js';
import { type Changes, changesIn } from './changes.js';
import { type ClientSide, clientSide } from './client-side.js';
import { ControlPlane, type ControlPlaneListener } from './control-plane.js';
import type { Driver, DriverParts } from './driver.js';
import { scheduleKubeletRestarts } from './timeline-events.js';

/**
 * Kubelets, API servers and controllers in one event queue: tells each of what concerns it, and brings what the
 * timeline does to servers, kubelets, pods and nodes.
 */
export class CoupledDriver implements Driver {
  readonly kubelet: Kubelet;
  readonly storms: StormLog;
  private readonly world: World;
  private readonly controlPlane: ControlPlane;
  private readonly changes: Changes;
  private readonly replacements: Replacements;
  /** null where there are none. */
  private readonly operators: Operators | null;
  private reloadedPods = 0;

  constructor({ world, ttlUs, horizon, eager }: DriverParts) {
    this.world = world;
    const { input, population, sim, etcd, ledger, latencies } = world;
    const { strategy, whatIf } = input.kubelet;
    const detection = strategyNamed(strategy);
    const side = clientSide(world);
    const { requests, client, reads, storms } = side;
    this.storms = storms;
    this.replacements = new Replacements(population, etcd, ledger);
    this.changes = changesIn(world, {
      ttlUs,
      started: this.startedPods(),
      replacements: this.replacements,
      nodeLeaves: (node) => {
        client.nodeGone(node);
        manager.kubeletEnds(node);
      },
    });
    const { manager, watchers } = managersOf(
      detection,
      { world, ttlUs, listener: entriesOf(() => this.kubelet) },
      side,
    );
    const authorizer = new NodeAuthorizer(population, latencies, world.random, input.apiServer);
    const tokens = new TokenManager(world, requests, client);
    this.kubelet = new Kubelet(
      world,
      {
        coupled: true,
        manager,
        lookahead: () => null,
        reads,
        tokens,
        references: new PodReferences(world, manager, (pod, known) => authorizer.podArrives(pod, sim.now, known)),
        syncsOnEvents: detection.syncsOnEvents || whatIf.syncOnWatchEvent,
        running: (pod, at) => {
          this.countReloaded(pod, at);
          this.replacements.runs(pod, this.kubelet.knownAt(pod), at);
          this.changes.podRuns(pod, at);
        },
        isCurrent: (pod) => this.changes.isCurrent(pod),
        knownToRun: (pod) => this.changes.podRunning(pod),
      },
      horizon,
      eager,
    );
    this.controlPlane = new ControlPlane(world, side, watchers, authorizer, this.listener(manager));
    this.operators = this.operatorsWith(side);
  }

  start(): void {
    this.controlPlane.start();
    scheduleKubeletRestarts(this.world);
    this.changes.start();
    this.operators?.start();
  }

  get writing(): boolean {
    return this.controlPlane.writers.unanswered > 0 || this.operators?.pending === true;
  }

  get replacing(): boolean {
    return this.changes.underWay;
  }

  handle(kind: number, entity: number, argument: number): void {
    if (this.controlPlane.handle(kind, entity, argument)) return;
    if (kind === EVENT.CHANGE) this.changes.goOn(entity, argument);
    else if (kind === EVENT.NODE_STATUS) this.changes.annotate(entity);
    else if (kind === EVENT.POD_ENDS) this.podEnds(entity);
    else if (kind === EVENT.OPERATOR) this.operators?.handle(entity, argument);
    else this.kubelet.handle(kind, entity, argument);
  }

  figures(): ServerFigures {
    const { tokens } = this.kubelet.parts;
    return { ...this.controlPlane.figures(), tokenRequests: tokens.requested, reloadedPods: this.reloadedPods };
  }

  /** Counts a pod that runs, in the measured time, by a rollout of Reloader's. */
  private countReloaded(pod: number, at: number): void {
    const { population, input } = this.world;
    const { lifecycle } = population;
    if (lifecycle === null || population.podArrives[pod] === 0 || at >= input.durationUs) return;
    const template = lifecycle.podTemplate[pod];
    if (template >= 0 && LIFECYCLE_ACTIONS[lifecycle.changeAction[template]] === 'reload') this.reloadedPods++;
  }

  private operatorsWith({ store, processes, balancer }: ClientSide): Operators | null {
    const { operators } = this.world.input;
    if (operators === undefined || store === null) return null;
    return new Operators({
      world: this.world,
      input: operators,
      store,
      processes,
      endpoint: balancer,
      rollOut: (rollout) => this.changes.rollOut(rollout),
      committed: (revision) => this.committed(revision),
    });
  }

  /** What pods show as they start; asked while the run goes on. */
  private startedPods(): StartedPod {
    const { consumerEntry } = this.world.population;
    return {
      knownAt: (pod) => this.kubelet.knownAt(pod),
      shownBy: (consumer) => this.kubelet.reconciler.shown[consumer],
      isBlind: (consumer) => this.kubelet.parts.manager.readsOnce(consumerEntry[consumer]),
    };
  }

  /** What the control plane tells the kubelets. */
  private listener(manager: ObjectManager): ControlPlaneListener {
    return {
      committed: (revision) => this.committed(revision),
      received: (entry, revision) => manager.delivered(entry, revision),
      answered: (request) => manager.answered(request),
      readDue: (read, generation) => manager.readDue(read, generation),
      tokenAnswered: (request, read) => this.kubelet.waiting.tokenAnswered(request, read),
      written: (write) => this.operators?.written(write),
    };
  }

  private committed(revision: number): void {
    const { etcd, ledger, population } = this.world;
    const { kubelet } = this;
    this.operators?.committed(revision);
    const update = etcd.update[revision];
    if (update < 0) return;
    ledger.opens(update);
    if (this.replacements.isReplacement(update)) {
      this.replacements.committed(
        update,
        (pod) => kubelet.parts.pods.hasContainers(pod) && this.changes.isCurrent(pod),
      );
      this.changes.objectCreated(etcd.object[revision]);
      return;
    }
    const audience = etcd.updateAudience[update];
    for (let i = population.objectEntryStart[audience]; i < population.objectEntryStart[audience + 1]; i++) {
      kubelet.becomeDue(population.objectEntries[i], revision);
    }
  }

  /** A pod ends once, although its end may have been moved forward. */
  private podEnds(pod: number): void {
    if (this.kubelet.parts.pods.hasEnded(pod)) return;
    this.kubelet.lifecycle.podEnds(pod);
    this.changes.podEnded(pod);
  }
}
