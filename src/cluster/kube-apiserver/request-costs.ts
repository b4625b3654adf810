import { cpuNs, initialStateBytes, OBJECT_OVERHEAD_BYTES, watchListNs } from '../model/costs.js';
import { cellOf } from '../meters/load-columns.js';
import { VERB } from '../model/verbs.js';
import { KIND } from '../model/kinds.js';
import type { RunInput } from '../model/model-input.js';
import type { Servers } from './servers.js';
import type { World } from '../world/world.js';
import { isPost, type Requests, ROW } from './requests.js';
import type { Population } from '../population/population.js';
import type { WatchDispatch } from './watch-dispatch.js';

/**
 * Of the CPU of a request that is answered 429, the share until it asks for seats (assumption: 148 of 226 µs, in an
 * execution trace of 1.37).
 */
const INTAKE_SHARE = 0.66;

/** What a request is about, and what it costs its server. */
export class RequestCosts {
  private readonly input: RunInput;
  private readonly population: Population;
  private readonly requests: Requests;
  /** Bytes of all ClusterTrustBundles together. */
  private readonly bundleBytes: number;
  /** CPU of a request that is turned down, where a core is idle and where none is, ns. */
  private readonly rejectedNs: number;
  private readonly rejectedBusyNs: number;

  constructor(
    private readonly world: World,
    private readonly servers: Servers,
    private readonly dispatch: WatchDispatch,
  ) {
    this.input = world.input;
    this.population = world.population;
    this.requests = servers.requests;
    const { rejected, busyShare } = world.input.apiServer.costs;
    this.rejectedNs = rejected;
    this.rejectedBusyNs = Math.round(rejected * busyShare.fromMemory);
    const { objectKind, objectSize } = world.population;
    this.bundleBytes = objectKind.reduce(
      (sum, kind, object) =>
        kind === KIND.ClusterTrustBundle ? sum + objectSize[object] + OBJECT_OVERHEAD_BYTES : sum,
      0,
    );
  }

  /** The object that a read, a watch or a write is about. */
  objectOf(id: number): number {
    const { requests, population } = this;
    return requests.verb[id] === VERB.WRITE
      ? this.servers.writing.objectOf(id)
      : population.entryObject[requests.subject[id]];
  }

  /** Kind of that object; a TokenRequest counts as one for Secrets. */
  kindOf(id: number): number {
    return this.requests.verb[id] === ROW.TOKEN_REQUEST ? KIND.Secret : this.population.objectKind[this.objectOf(id)];
  }

  /** Bytes of that object on the wire; of all ClusterTrustBundles where a kubelet lists or watches them. */
  bytesOf(id: number): number {
    const { population, requests } = this;
    const object = this.objectOf(id);
    const all = population.objectKind[object] === KIND.ClusterTrustBundle && requests.verb[id] !== VERB.WRITE;
    return all ? this.bundleBytes : population.objectSize[object] + OBJECT_OVERHEAD_BYTES;
  }

  /** Bytes that its answer, or the write itself, brings over the wire; what a watch brings later is counted then. */
  sentBytes(id: number): number {
    if (this.requests.verb[id] !== VERB.WATCH) return this.bytesOf(id);
    return this.requests.initial[id] === 1 ? initialStateBytes(this.bytesOf(id)) : 0;
  }

  /** A request has reached its server: it counts, but for its work. */
  count(id: number): void {
    const { requests, population, world } = this;
    const { load, sim } = world;
    const verb = requests.verb[id];
    if (verb === ROW.TOKEN_REQUEST) return;
    const object = this.objectOf(id);
    const server = requests.server[id];
    const cell = cellOf(isPost(verb) ? VERB.WRITE : verb, population.objectKind[object]);
    load.request(server, sim.now, cell, population.objectClass[object], this.sentBytes(id), 0);
    if (requests.quorum[id] === 1 && verb !== VERB.WRITE) load.quorumRead(server, sim.now);
  }

  /** How long a request waits for the key of the Secret that it writes, or reads from etcd, µs. */
  keyWaitUs(id: number): number {
    const { requests, servers, world } = this;
    const verb = requests.verb[id];
    if (verb === ROW.TOKEN_REQUEST || this.kindOf(id) !== KIND.Secret) return 0;
    if (verb === VERB.WRITE) return servers.encryption.writeWaitUs(requests.server[id]);
    if (requests.quorum[id] === 0 || verb === VERB.WATCH) return 0;
    return servers.encryption.readWaitUs(requests.server[id], this.objectOf(id), world.sim.now);
  }

  /** CPU of a request until it asks for seats. */
  intakeNs(id: number): number {
    return Math.min(Math.round(INTAKE_SHARE * this.rejectionNs(id)), this.workNs(id));
  }

  /** CPU of the answer to a request that is turned down there. */
  refusalNs(id: number): number {
    return Math.round((1 - INTAKE_SHARE) * this.rejectionNs(id));
  }

  private rejectionNs(id: number): number {
    return this.requests.foundBusy[id] === 1 ? this.rejectedBusyNs : this.rejectedNs;
  }

  /** CPU of a request, nanoseconds on the machine of the cost table. */
  workNs(id: number): number {
    const alone = this.aloneNs(id);
    return this.requests.foundBusy[id] === 1 ? Math.round(alone * this.busyShare(id)) : alone;
  }

  /** What a request that finds its server busy costs, of what it costs alone. */
  private busyShare(id: number): number {
    const { fromMemory, fromEtcd } = this.input.apiServer.costs.busyShare;
    const { verb, quorum } = this.requests;
    if (verb[id] === VERB.WRITE || isPost(verb[id])) return 1;
    return quorum[id] === 1 ? fromEtcd : fromMemory;
  }

  /** CPU of a request that finds an idle core, nanoseconds. */
  private aloneNs(id: number): number {
    const { costs } = this.input.apiServer;
    const verb = this.requests.verb[id];
    const quorum = this.requests.quorum[id] === 1;
    switch (verb) {
      case ROW.TOKEN_REQUEST:
        return costs.tokenRequest;
      case ROW.CERTIFICATE_REQUEST:
        // The service account is read first, by a request of its own.
        return cpuNs(costs.getQuorum, OBJECT_OVERHEAD_BYTES) + cpuNs(costs.write, this.bytesOf(id));
      case VERB.GET:
        return cpuNs(quorum ? costs.getQuorum : costs.getFromCache, this.bytesOf(id));
      case VERB.LIST:
        return cpuNs(quorum ? costs.getQuorum : costs.list, this.bytesOf(id)) * this.servers.watchers.listed(id);
      case VERB.WRITE:
        return cpuNs(costs.write, this.bytesOf(id));
      default: {
        if (this.requests.initial[id] === 0) return costs.watch;
        // Its initial events may be found by a scan of the resource.
        const scanned = this.input.behaviours.watchInit === 'scan' ? this.dispatch.objectsOf(this.kindOf(id)) : 0;
        return watchListNs(costs, this.bytesOf(id), quorum) + costs.watchScanPerObject * scanned;
      }
    }
  }
}
