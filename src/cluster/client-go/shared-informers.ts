import type { Population } from '../population/population.js';
import type { Requests } from '../kube-apiserver/requests.js';
import type { World } from '../world/world.js';
import { REFLECTOR } from './reflector.js';
import type { ReflectorListener } from './reflector-listener.js';
import { ReflectorLoops } from './reflector-loops.js';
import type { WatchFacts } from './reflector-streams.js';
import type { RestClient } from './rest-client.js';

/** `defaultMinWatchTimeout` (`client-go/tools/cache/reflector.go`, all releases): informers do not ask for another. */
const DEFAULT_MIN_WATCH_TIMEOUT_S = 300;

/**
 * A node's informer of a resource (`client-go/tools/cache/shared_informer.go`): one reflector lists and watches all that
 * the kubelet may see of it, so that every change of any ClusterTrustBundle is sent to every node whose informer runs. The
 * stream is held by the node's entry of the first object.
 */
export class SharedInformers extends ReflectorLoops {
  protected override readonly minWatchTimeoutS = DEFAULT_MIN_WATCH_TIMEOUT_S;
  /** Each node's entry that holds its stream. */
  readonly streamOfNode: Int32Array;
  private readonly streams: Int32Array;

  /** `kind`: of the objects. */
  constructor(
    kind: number,
    world: World,
    requests: Requests,
    client: RestClient,
    facts: WatchFacts,
    listener: ReflectorListener,
  ) {
    const streams = streamsOf(kind, world.population);
    super(world, requests, client, facts, listener, streams);
    this.streams = streams;
    this.streamOfNode = new Int32Array(world.population.nodeCount).fill(-1);
    streams.forEach((stream) => {
      if (stream >= 0) this.streamOfNode[world.population.entryNode[stream]] = stream;
    });
  }

  /** Starts the informer of the entry's node. */
  override start(entry: number): number {
    const stream = this.streamOf(entry);
    this.forget(stream);
    this.streaming[stream] = 1;
    this.eachOfNode(stream, (each) => {
      this.state[each] = REFLECTOR.RUNNING;
      this.syncedAt[each] = Infinity;
      this.sent[each] = -1;
    });
    this.begin(stream);
    return -1;
  }

  override startStationary(entry: number, now: number): void {
    const stream = this.streamOf(entry);
    if (this.streaming[stream] === 1) return;
    this.streaming[stream] = 1;
    this.eachOfNode(stream, (each) => (this.state[each] = REFLECTOR.RUNNING));
    this.openStationary(stream, now);
  }

  /** Ends the informer of the entry's node. */
  override stop(entry: number, now: number, state: number): void {
    const stream = this.streamOf(entry);
    if (this.streaming[stream] === 0) return;
    this.streaming[stream] = 0;
    this.closeStream(stream, now);
    this.eachOfNode(stream, (each) => (this.state[each] = state));
  }

  /** True where the informer of the entry's node is connected. */
  isOpen(entry: number): boolean {
    const stream = this.streamOf(entry);
    return this.hasStreamAt(stream, this.serverOf(stream));
  }

  override isWatched(): boolean {
    return true;
  }

  /** One LIST reads all of them. */
  override listed(): number {
    return 1;
  }

  /** A watch of the whole resource is woken by no name: every event is for it. */
  override namesakes(object: number, server: number): number {
    const stream = this.streamOf(this.population.objectEntries[this.population.objectEntryStart[object]]);
    return super.namesakes(this.population.entryObject[stream], server);
  }

  protected override get streamsState(): boolean {
    return true;
  }

  protected override stateArrived(entry: number, revision: number): void {
    this.eachOn(entry, (each) => this.synced(each, each === entry ? revision : this.sent[each], this.sim.now));
  }

  /** Visits the entries of a stream's node, whether its informer runs or not. */
  private eachOfNode(stream: number, visit: (entry: number) => void): void {
    const { nodeEntryStart, entryNode } = this.population;
    const node = entryNode[stream];
    for (let entry = nodeEntryStart[node]; entry < nodeEntryStart[node + 1]; entry++) {
      if (this.streams[entry] === stream) visit(entry);
    }
  }
}

/** For each entry of an object of a kind its node's entry of the first one; −1 for other entries. */
function streamsOf(
  kind: number,
  { entryCount, nodeCount, nodeEntryStart, entryObject, objectKind }: Population,
): Int32Array {
  const streams = new Int32Array(entryCount).fill(-1);
  for (let node = 0; node < nodeCount; node++) {
    let first = -1;
    for (let entry = nodeEntryStart[node]; entry < nodeEntryStart[node + 1]; entry++) {
      if (objectKind[entryObject[entry]] !== kind) continue;
      if (first < 0 || entryObject[entry] < entryObject[first]) first = entry;
    }
    for (let entry = nodeEntryStart[node]; entry < nodeEntryStart[node + 1]; entry++) {
      if (objectKind[entryObject[entry]] === kind) streams[entry] = first;
    }
  }
  return streams;
}
