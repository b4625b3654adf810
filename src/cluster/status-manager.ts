import type { Simulator } from '../sim/simulator.js';
import type { ApiServers } from './api-server.js';
import { STATUS } from './events.js';
import type { RateLimiter } from './rate-limiter.js';
import type { Topology } from './topology.js';

/** Steps of a status, arguments of STATUS: a sync sets it; the GET and the PATCH are answered; it comes back by the pod watch. */
const SET = 0;
const GOT = 1;
const PATCHED = 2;
const BACK = 3;

/**
 * The status managers of the kubelets (`pkg/kubelet/status/status_manager.go`, all releases): one goroutine per
 * kubelet takes the statuses that syncs have set one after another, and for each GETs the pod and PATCHes its
 * status (syncPod), through the kubelet's rate limiter. The patched pod then comes back over the kubelet's pod
 * watch. These requests take latency, but neither cores nor seats of a server.
 */
export class StatusManager {
  /** Told of pods whose patched status has come back. */
  onBack: (pod: number) => void = () => undefined;
  /** Pods whose status is to be sent, by node; the first one's is being sent. */
  private readonly queues = new Map<number, number[]>();
  /** Requests sent so far, by pod. */
  private readonly sent: Uint32Array;

  constructor(
    private readonly sim: Simulator,
    private readonly topology: Topology,
    private readonly servers: ApiServers,
    private readonly limiter: RateLimiter,
  ) {
    this.sent = new Uint32Array(topology.podCount);
  }

  /** A sync that begins at `at` sets a new status of its pod (`SetPodStatus`, before it looks at the volumes). */
  setAt(pod: number, at: number): void {
    this.sim.schedule(at, STATUS, pod, SET);
  }

  /** The node's kubelet stops: what it has not sent is lost. */
  stops(node: number): void {
    this.queues.delete(node);
  }

  handle(pod: number, step: number): void {
    const node = this.topology.podNode[pod];
    const queue = this.queues.get(node);
    if (step === BACK) {
      this.onBack(pod);
    } else if (step === SET) {
      if (queue !== undefined && queue.push(pod) > 1) return;
      if (queue === undefined) this.queues.set(node, [pod]);
      this.request(pod, node, GOT);
    } else if (queue?.[0] === pod) {
      if (step === GOT) {
        this.request(pod, node, PATCHED);
        return;
      }
      queue.shift();
      if (queue.length > 0) this.request(queue[0], node, GOT);
    }
  }

  /** Sends the request whose answer is the step `answer`. */
  private request(pod: number, node: number, answer: number): void {
    const { servers, sim } = this;
    const leaves = this.limiter.take(node, sim.now);
    servers.drawStatus(pod, answer === PATCHED, this.sent[pod]++);
    const served = leaves + servers.oneWay + servers.service;
    sim.schedule(served + servers.oneWay, STATUS, pod, answer);
    if (answer === PATCHED) sim.schedule(served + servers.podEventLatency, STATUS, pod, BACK);
  }
}
