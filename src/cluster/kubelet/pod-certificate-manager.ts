import { type DurationLaw, UniformInterval } from '../../sim/distributions.js';
import { latencyLaw } from '../model/latency.js';
import { MINUTE_US, SECOND_US } from '../../sim/units.js';
import type { ReflectorListener } from '../client-go/reflector-listener.js';
import { REFLECTOR } from '../client-go/reflector.js';
import { SharedInformers } from '../client-go/shared-informers.js';
import type { RestClient } from '../client-go/rest-client.js';
import { type Requests, ROW, STATUS } from '../kube-apiserver/requests.js';
import { cellOf } from '../meters/load-columns.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../model/costs.js';
import { EVENT } from '../model/events.js';
import { KIND } from '../model/kinds.js';
import type { PodCertificateConfig } from '../model/model-input.js';
import { VERB } from '../model/verbs.js';
import type { Population } from '../population/population.js';
import type { World } from '../world/world.js';
import { FAILED } from './content-numbers.js';
import { type EntryListener, ObjectManager } from './secret-manager/manager.js';
import type { Clients, ManagerParts } from './secret-manager/strategy.js';

/** `jitterDuration`: U[0, 5 min) after `beginRefreshAt`. */
const JITTER_US = 5 * MINUTE_US;
/** `runRefreshPass` looks at all certificates of a node each U[1, 2) min (`Run`: JitterUntil of 1 min, factor 1). */
const REFRESH_PASSES = new UniformInterval(MINUTE_US, 2 * MINUTE_US);
/** `DefaultTypedControllerRateLimiter` (`client-go/util/workqueue`): what failed is tried again after 5 ms, doubled, up to 1000 s. */
const BASE_DELAY_US = 5e3;
const MAX_DELAY_US = 1000 * SECOND_US;
/** How soon it is looked again for what was issued while the informer had no connection (assumption). */
const RECONNECTED_US = SECOND_US;
/** Its creation and its issue are sent to the informer of the node. */
const EVENTS = 2;

/** Steps of a certificate; an event's argument is STEPS × epoch + step. */
const ASK = 0;
const ISSUED = 1;
const STEPS = 2;

/** Draws of a request: its latencies; when it is issued, and refreshed. */
const DRAWS = 3;

/**
 * The kubelets' pod certificates (`pkg/kubelet/podcertificate/podcertificatemanager.go`, ≥1.34): for each pod with a
 * `podCertificate` source the kubelet reads the service account and creates a PodCertificateRequest as soon as it is told
 * of the pod (TrackPod), hears of its issue by an informer of the node's requests (`spec.nodeName`, `kubelet.go`), and
 * asks for a new one at the first pass after `beginRefreshAt` + U[0, 5 min). Until the first has been issued the volume
 * cannot be set up; later ones are written by the pod's next sync. Nothing is kept when the kubelet restarts.
 *
 * Passes are drawn for each certificate (assumption). The signer is one latency, its write is counted and meets nobody;
 * the controller that deletes old requests (`pkg/controller/certificates/cleaner`) is not modelled.
 */
export class PodCertificateManager extends ObjectManager implements ReflectorListener {
  readonly readsCount = false;
  readonly foreseesReads = true;
  readonly informers: SharedInformers;
  /** Certificates that each entry's pod has had; 0: none. */
  private readonly issues: Int32Array;
  /** 1 where the kubelet knows of the entry's pod. */
  private readonly tracked: Uint8Array;
  /** 1 where it asks as soon as its informer has synced (`Run`: WaitForCacheSync). */
  private readonly waits: Uint8Array;
  /** Requests of each entry so far, failures in a row, and what voids the events of an earlier pod or kubelet. */
  private readonly asked: Uint32Array;
  private readonly failures: Uint8Array;
  private readonly epoch: Uint16Array;
  private readonly signer: DurationLaw;
  private readonly world: World;
  private readonly population: Population;
  private readonly listener: EntryListener;
  private readonly requests: Requests;
  private readonly client: RestClient;

  constructor(
    { world, listener }: ManagerParts,
    clients: Clients,
    private readonly config: PodCertificateConfig,
  ) {
    super();
    this.world = world;
    this.population = world.population;
    this.listener = listener;
    const { requests, client } = clients;
    this.requests = requests;
    this.client = client;
    this.informers = new SharedInformers(KIND.PodCertificateRequest, world, requests, client, clients, this);
    const { entryCount } = this.population;
    this.issues = new Int32Array(entryCount);
    this.tracked = new Uint8Array(entryCount);
    this.waits = new Uint8Array(entryCount);
    this.asked = new Uint32Array(entryCount);
    this.failures = new Uint8Array(entryCount);
    this.epoch = new Uint16Array(entryCount);
    this.signer = latencyLaw(config.signer);
  }

  override initialize(first: number, last: number): void {
    this.informers.initialize(first, last);
    this.issues.fill(0, first, last);
  }

  override kubeletStarts(node: number): void {
    const entry = this.firstOf(node);
    if (this.informers.state[entry] !== REFLECTOR.RUNNING) this.informers.start(entry);
  }

  override kubeletEnds(node: number): void {
    this.informers.stop(this.firstOf(node), this.world.sim.now, REFLECTOR.NONE);
  }

  override register(entry: number): void {
    if (this.tracked[entry] === 1) return;
    this.tracked[entry] = 1;
    this.kubeletStarts(this.population.entryNode[entry]);
    if (this.informers.syncedAt[entry] <= this.world.sim.now) this.ask(entry);
    else this.waits[entry] = 1;
  }

  override kubeletRuns(node: number, now: number): void {
    this.informers.startStationary(this.firstOf(node), now);
  }

  override startStationary(entry: number, now: number, readers: number): void {
    if (readers === 0) return;
    this.tracked[entry] = 1;
    this.issues[entry] = 1;
    this.asked[entry] = 1;
    // The certificate is anywhere in its life.
    const share = this.draw(entry, 1).first();
    this.schedule(now + Math.floor(share * this.lifeOf(entry)), entry, ASK);
  }

  override invalidate(): void {
    // No strategy drops what an informer has brought.
  }

  override get(entry: number, at: number): void {
    const issued = this.issues[entry];
    this.doneAt = at;
    this.revision = -1;
    this.content = issued === 0 ? FAILED : issued;
  }

  override finds(entry: number, at: number, shown: number): boolean {
    this.doneAt = at;
    return shown > 0 && this.issues[entry] === shown;
  }

  override release(entry: number): void {
    this.tracked[entry] = 0;
    this.waits[entry] = 0;
    this.issues[entry] = 0;
    this.failures[entry] = 0;
    this.epoch[entry]++;
  }

  override readyAt(): number {
    throw new RangeError('a certificate is no update');
  }

  override isWatching(entry: number): boolean {
    return this.informers.isOpen(entry) && this.firstOf(this.population.entryNode[entry]) === entry;
  }

  override finish(first: number, last: number, end: number): void {
    this.informers.finish(first, last, end);
  }

  /** The informer has synced: what pods were waiting for is asked for now. */
  listed(entry: number): void {
    if (this.waits[entry] === 0) return;
    this.waits[entry] = 0;
    this.ask(entry);
  }

  receivedBy(): number {
    return -1;
  }

  /** The POST of a request was answered: it is with its signer, or tried again. */
  override answered(request: number): void {
    const { sim } = this.world;
    const entry = this.requests.subject[request];
    if (this.requests.read[request] !== this.epoch[entry]) return;
    if (this.requests.status[request] === STATUS.OK) {
      this.failures[entry] = 0;
      this.schedule(sim.now + this.signer.at(this.draw(entry, 1).second()), entry, ISSUED);
      return;
    }
    const delay = Math.min(BASE_DELAY_US * 2 ** this.failures[entry], MAX_DELAY_US);
    this.failures[entry] = Math.min(this.failures[entry] + 1, 255);
    this.schedule(sim.now + delay, entry, ASK);
  }

  override timerDue(entry: number, argument: number): void {
    if (Math.floor(argument / STEPS) !== this.epoch[entry]) return;
    if (argument % STEPS === ASK) this.ask(entry);
    else this.issued(entry);
  }

  private ask(entry: number): void {
    const { requests } = this;
    const { latencies } = this.world;
    const id = requests.open(ROW.CERTIFICATE_REQUEST, this.population.entryNode[entry], entry);
    latencies.drawCertificate(entry, DRAWS * this.asked[entry]++);
    requests.oneWay[id] = latencies.oneWay;
    requests.service[id] = latencies.service;
    requests.read[id] = this.epoch[entry];
    this.client.send(id);
  }

  /** The kubelet has what was issued, and will ask again. */
  private issued(entry: number): void {
    const { now } = this.world.sim;
    if (!this.informers.isOpen(entry)) {
      this.schedule(now + RECONNECTED_US, entry, ISSUED);
      return;
    }
    this.count(entry, now);
    this.issues[entry]++;
    this.listener.changed(entry);
    this.schedule(now + this.lifeOf(entry), entry, ASK);
  }

  /** Counts the signer's write, and what the kubelet's informer was sent. */
  private count(entry: number, now: number): void {
    const { load, input } = this.world;
    const { costs } = input.apiServer;
    const { entryObject, objectClass, objectSize } = this.population;
    const object = entryObject[entry];
    const bytes = objectSize[object] + OBJECT_OVERHEAD_BYTES;
    const server = this.informers.serverOf(this.firstOf(this.population.entryNode[entry]));
    const cell = cellOf(VERB.WRITE, KIND.PodCertificateRequest);
    load.request(server, now, cell, objectClass[object], bytes, cpuNs(costs.write, bytes));
    for (let event = 0; event < EVENTS; event++) load.event(server, now, bytes, cpuNs(costs.event, bytes));
  }

  /** From the issue of an entry's last certificate until the next is asked for, µs. */
  private lifeOf(entry: number): number {
    const draw = this.draw(entry, 2);
    const jitter = draw.first() * JITTER_US;
    return this.config.refreshAfterUs + Math.floor(jitter + REFRESH_PASSES.residual(draw.second()));
  }

  /** Draws two numbers for the entry's last request. */
  private draw(entry: number, which: number): World['random']['certificate'] {
    const { latencies, random } = this.world;
    random.certificate.pair(
      latencies.nameHigh(entry),
      latencies.nameLow(entry),
      DRAWS * (this.asked[entry] - 1) + which,
    );
    return random.certificate;
  }

  private schedule(at: number, entry: number, step: number): void {
    this.world.sim.schedule(at, EVENT.CERTIFICATE, entry, STEPS * this.epoch[entry] + step);
  }

  /** The node's entry that holds the stream of its informer. */
  private firstOf(node: number): number {
    return this.informers.streamOfNode[node];
  }
}
