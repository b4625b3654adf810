import type { Endpoint } from '../kube-apiserver/callers.js';
import type { ServerProcess } from '../kube-apiserver/server-process.js';
import { EVENT } from '../model/events.js';
import { KIND, type ObjectKind } from '../model/kinds.js';
import { occurrences } from '../model/occurrences.js';
import type { OperatorsInput, Restartable } from '../model/operators-input.js';
import type { World } from '../world/world.js';
import { Bundle } from './bundle.js';
import { CertManagerLaw } from './cert-manager.js';
import type { Component } from './component.js';
import { ExternalSecretsLaw } from './external-secrets.js';
import type { ExternalStore } from './external-store.js';
import { OperatorClient } from './operator-client.js';
import { PlannedReloads } from './planned-reloads.js';
import { Reloader } from './reloader.js';
import { SourceChanges } from './source-changes.js';
import { SyncController } from './sync-controller.js';
import type { SyncLaw } from './sync-law.js';
import { TrustManagerLaw } from './trust-manager.js';
import { VaultSecretsLaw } from './vault-secrets.js';

/** Entities of their own: restarts of components; changes of objects that only the store holds; events for informers. */
const RESTARTS = 0;
const STORE_CHANGES = 1;
const INFORMER_EVENTS = 2;
const OWN_ENTITIES = 3;
/** Entities besides one for each object: those, and the workers of Reloader. */
export const OPERATOR_ENTITIES = OWN_ENTITIES + 2;

/** Arguments of RESTARTS: 2 × component + STOPS or RESUMES. */
const STOPS = 0;
const RESUMES = 1;

/** What operators are built from. */
export interface OperatorParts {
  readonly world: World;
  readonly input: OperatorsInput;
  readonly store: ExternalStore;
  readonly processes: readonly ServerProcess[];
  readonly endpoint: Endpoint;
  /** A rollout of the lifecycle plan begins. */
  readonly rollOut: (rollout: number) => void;
  /** An object that only the store holds has changed, by a revision. */
  readonly committed: (revision: number) => void;
}

/** What stands around the kubelets: a store outside of the cluster, and the operators that bring what it holds. */
export class Operators {
  private readonly components: Component[] = [];
  private readonly names: Restartable[] = [];
  private readonly first: number[] = [];
  private entities = OWN_ENTITIES;
  private readonly changes: SourceChanges;
  private readonly reloader: Reloader | null;
  private readonly trustManager: SyncController | null;
  /** The Secret that trust-manager makes copies of; null: none. */
  private readonly bundle: Bundle | null;
  /** Informers that operators have, by kind; of others they have none. */
  private readonly informers: readonly (number | undefined)[];

  constructor(private readonly parts: OperatorParts) {
    const { world, input } = parts;
    const { externalSecrets, vaultSecrets, certManager, trustManager } = input;
    this.informers = [input.informers.secrets, input.informers.configMaps];
    this.bundle =
      trustManager?.source === undefined ? null : new Bundle(world, trustManager.source, trustManager.objects);
    this.changes = new SourceChanges(world.writes, this.bundle);
    if (externalSecrets !== undefined)
      this.addSync(
        'externalSecrets',
        'Secret',
        externalSecrets.objects,
        () => new ExternalSecretsLaw(externalSecrets, world),
      );
    if (vaultSecrets !== undefined)
      this.addSync(
        'vaultSecrets',
        'Secret',
        vaultSecrets.objects,
        (objects) => new VaultSecretsLaw(vaultSecrets, world, objects),
      );
    if (certManager !== undefined)
      this.addSync('certManager', 'Secret', certManager.objects, () => new CertManagerLaw(certManager));
    const copies = this.bundle !== null;
    this.trustManager =
      trustManager === undefined
        ? null
        : this.addSync('trustManager', 'ConfigMap', trustManager.objects, () => new TrustManagerLaw(copies));
    this.reloader = input.reloader === undefined ? null : this.reloaderOf(input.reloader);
    if (this.reloader !== null) this.add('reloader', this.reloader);
  }

  start(): void {
    const { world } = this.parts;
    const { input, random, sim, writes, population } = world;
    for (const component of this.components) component.start();
    input.timeline.forEach((entry, index) => {
      if (entry.action !== 'restartOperator') return;
      for (const at of occurrences(entry, index, input.durationUs, random)) {
        this.names.forEach((name, component) => {
          if (!entry.operators.includes(name)) return;
          sim.schedule(at, EVENT.OPERATOR, RESTARTS, 2 * component + STOPS);
          sim.schedule(at + entry.downtimeUs, EVENT.OPERATOR, RESTARTS, 2 * component + RESUMES);
        });
      }
    });
    for (const write of writes.brought) {
      if (population.objectKind[writes.object.get(write)] !== KIND.SecretProviderClass) continue;
      sim.schedule(this.changes.timeOf(write), EVENT.OPERATOR, STORE_CHANGES, write);
    }
  }

  handle(entity: number, argument: number): void {
    switch (entity) {
      case RESTARTS:
        this.restarts(Math.floor(argument / 2), argument % 2);
        return;
      case STORE_CHANGES:
        this.storeChanges(argument);
        return;
      case INFORMER_EVENTS:
        this.reloader?.received(argument);
        if (this.bundle?.isMadeFrom(argument) === true) this.trustManager?.tell();
        return;
      default: {
        const component = this.first.findLastIndex((first) => first <= entity);
        this.components[component].handle(entity - this.first[component], argument);
      }
    }
  }

  /** A write has been answered that an operator has brought. */
  written(write: number): void {
    for (const component of this.components) component.written(write);
  }

  /** A server has carried a write out. */
  committed(revision: number): void {
    const { world } = this.parts;
    const { etcd, population, input, latencies, sim, operatorLoad } = world;
    operatorLoad.events.count(sim.now, this.informers[population.objectKind[etcd.object[revision]]] ?? 0);
    const changesBundle = this.bundle?.isMadeFrom(revision) === true;
    if (changesBundle) this.bundle.committed(revision);
    if (this.reloader === null && !changesBundle) return;
    const underWay = input.etcd.watch.p50Us + input.apiServer.dispatch.p50Us + latencies.roundTripMedian / 2;
    sim.schedule(Math.round(sim.now + underWay), EVENT.OPERATOR, INFORMER_EVENTS, revision);
  }

  /** True while something has changed at the store that is not in the cluster yet. */
  get pending(): boolean {
    return this.components.some(({ pending }) => pending);
  }

  /** The store holds something new that no API server is to hold. */
  private storeChanges(write: number): void {
    const { world, committed } = this.parts;
    const { now } = world.sim;
    world.writes.sent.set(write, now);
    const revision = world.etcd.commit(write, now, now);
    if (revision >= 0) committed(revision);
  }

  private restarts(component: number, step: number): void {
    if (step === STOPS) this.components[component].stop();
    else this.components[component].resume();
  }

  private addSync(
    name: Restartable,
    kind: ObjectKind,
    target: string,
    lawOf: (objects: Int32Array) => SyncLaw,
  ): SyncController {
    const { world, store } = this.parts;
    const objects = world.population.objectsOf(target, kind);
    const law = lawOf(objects);
    const client = this.clientWith(law.limits);
    const parts = { world, store, client, changes: this.changes, firstEntity: this.entities };
    const controller = new SyncController(parts, objects, law);
    this.add(name, controller);
    return controller;
  }

  private reloaderOf(limits: { readonly qps: number; readonly burst: number }): Reloader {
    const { world, rollOut } = this.parts;
    return new Reloader({
      world,
      clients: { apps: this.clientWith(limits), batch: this.clientWith(limits) },
      planned: new PlannedReloads(world),
      firstEntity: this.entities,
      deploymentsPerNamespace: deploymentsPerNamespace(world),
      rollOut: (rollout) => {
        world.operatorLoad.rollouts.count(world.sim.now);
        rollOut(rollout);
      },
    });
  }

  private clientWith(limits: { readonly qps: number; readonly burst: number } | null): OperatorClient {
    const { world, processes, endpoint } = this.parts;
    return new OperatorClient(world, world.operatorLoad, processes, endpoint, limits);
  }

  private add(name: Restartable, component: Component): void {
    this.names.push(name);
    this.components.push(component);
    this.first.push(this.entities);
    this.entities += component.entities;
  }
}

/** Deployments of a namespace, on average over those that have one. */
function deploymentsPerNamespace({ population }: World): number {
  const { podCount, podDeployment, podName } = population;
  const namespaces = new Set<string>();
  const seen = new Set<number>();
  for (let pod = 0; pod < podCount; pod++) {
    if (podDeployment[pod] < 0 || seen.size === seen.add(podDeployment[pod]).size) continue;
    namespaces.add(podName(pod).split('/')[0]);
  }
  return namespaces.size === 0 ? 0 : seen.size / namespaces.size;
}
