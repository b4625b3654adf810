import type { Simulator } from '../../sim/simulator.js';
import type { Latencies } from '../world/latencies.js';
import { EVENT } from '../model/events.js';
import type { RateLimiter } from '../model/rate-limiter.js';
import type { Population } from '../population/population.js';
import type { World } from '../world/world.js';

/**
 * Steps of a status, arguments of STATUS: a sync sets it, of a pod that starts or of one that is seen to run; the GET and
 * the PATCH are answered; it comes back by the pod watch.
 */
const SET = 0;
const GOT = 1;
const PATCHED = 2;
const BACK = 3;
const SET_RUNNING = 4;

/** Told of what becomes of statuses. */
export interface StatusListener {
  /** The pod's patched status has come back by the kubelet's pod watch. */
  statusBack(pod: number): void;
  /** The API servers now know that the pod runs: controllers go by that. */
  knownToRun(pod: number): void;
}

/**
 * The status managers of the kubelets (`pkg/kubelet/status/status_manager.go`, all releases): one goroutine per
 * kubelet takes the statuses that syncs have set one after another, and for each GETs the pod and PATCHes its
 * status (syncPod), through the kubelet's rate limiter. The patched pod then comes back over the kubelet's pod
 * watch. These requests take latency, but neither cores nor seats of a server.
 */
export class StatusManager {
  /** Statuses that are to be sent, by node, as 2 × pod, + 1 of one that runs; the first one is being sent. */
  private readonly queues = new Map<number, number[]>();
  /** 1 for pods that the API servers know to run, as far as this kubelet has told them. */
  private readonly told: Uint8Array;
  /** Requests sent so far, by pod. */
  private readonly sent: Uint32Array;

  private readonly sim: Simulator;
  private readonly population: Population;
  private readonly latencies: Latencies;
  private readonly limiter: RateLimiter;

  constructor(
    world: World,
    private readonly listener: StatusListener,
  ) {
    const { population } = world;
    this.sim = world.sim;
    this.population = population;
    this.latencies = world.latencies;
    this.limiter = world.limiter;
    this.sent = world.memory.uint32(population.podCount);
    this.told = world.memory.uint8(population.podCount);
  }

  /** A sync that begins at `at` sets a new status of its pod (`SetPodStatus`, before it looks at the volumes). */
  setAt(pod: number, at: number): void {
    this.sim.schedule(at, EVENT.STATUS, pod, SET);
  }

  /** A sync that begins at `at` finds its pod running, and sets that. */
  setRunningAt(pod: number, at: number): void {
    this.sim.schedule(at, EVENT.STATUS, pod, SET_RUNNING);
  }

  /** The pods from `first` to `last` (exclusive) have been running for long. */
  areKnownToRun(first: number, last: number): void {
    this.told.fill(1, first, last);
  }

  /** The pod's kubelet is back, and finds it running: what it had not told, it tells now. */
  returns(pod: number): void {
    if (this.told[pod] === 0) this.setRunningAt(pod, this.sim.now);
  }

  /** The node's kubelet stops: what it has not sent is lost. */
  stops(node: number): void {
    this.queues.delete(node);
  }

  handle(pod: number, step: number): void {
    const node = this.population.podNode[pod];
    const queue = this.queues.get(node);
    if (step === BACK) {
      this.listener.statusBack(pod);
    } else if (step === SET || step === SET_RUNNING) {
      const status = pod * 2 + (step === SET_RUNNING ? 1 : 0);
      if (queue !== undefined && queue.push(status) > 1) return;
      if (queue === undefined) this.queues.set(node, [status]);
      this.request(pod, node, GOT);
    } else if (queue !== undefined && queue[0] >> 1 === pod) {
      if (step === GOT) {
        this.request(pod, node, PATCHED);
        return;
      }
      this.patched(queue[0]);
      queue.shift();
      if (queue.length > 0) this.request(queue[0] >> 1, node, GOT);
    }
  }

  private patched(status: number): void {
    if (status % 2 === 0) return;
    this.told[status >> 1] = 1;
    this.listener.knownToRun(status >> 1);
  }

  /** Sends the request whose answer is the step `answer`. */
  private request(pod: number, node: number, answer: number): void {
    const { latencies, sim } = this;
    const leaves = this.limiter.take(node, sim.now);
    latencies.drawStatus(pod, answer === PATCHED, this.sent[pod]++);
    const served = leaves + latencies.oneWay + latencies.service;
    sim.schedule(served + latencies.oneWay, EVENT.STATUS, pod, answer);
    if (answer === PATCHED) sim.schedule(served + latencies.podEventLatency, EVENT.STATUS, pod, BACK);
  }
}
