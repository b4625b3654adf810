import type { World } from '../world/world.js';
import { CLIENT_FINISHED_US, SYN_RETRANSMISSION_US } from './callers.js';
import type { GoScheduler } from './go-scheduler.js';
import { GOROUTINE } from './goroutines.js';
import { finishedNs } from './load-balancer.js';
import { LOOPBACK, type ServerProcess } from './server-process.js';

/** What the goroutines of the hooks do next. */
const STEP = {
  /** The loopback client dials: after the goroutine that accepts connections has had a turn, which has begun before. */
  DIAL: 5,
  /** The loopback client has its ServerHello. */
  HELLO: 0,
  /** Its handshake is over, and its requests are there. */
  CONNECTED: 1,
  /** The informers' requests are answered. */
  ANSWERED: 2,
  /** The informers have their objects. */
  SYNCED: 3,
  /** All hooks are done. */
  DONE: 4,
} as const;

/**
 * The CPU of the hooks comes in so many equal parts (assumption): what needs no informer, the informers' requests, their
 * answers, and what waits for them. Measured: 0.4 s after “Serving securely” the priority levels were read where the whole
 * start took 2.5 s of CPU, 0.5 of them after that, and one client wanted the core (experiments/laboratory/starts/1.37).
 */
const PARTS = 4;
/** Informers that ask at the same time (“Caches are synced” in the log of 1.37: 12 of them, some for several). */
const INFORMERS = 12;

/** What the hooks bring about. */
export interface HooksListener {
  /** The priority levels are read. */
  levelsRead(server: number): void;
  /** `/readyz` waits for no hook any more. */
  hooksDone(server: number): void;
  /** There was no room for the loopback client's connection: it dials again at a time. */
  dialsAgain(server: number, at: number): void;
}

/**
 * The post-start hooks of a server that serves (`server/genericapiserver.go` RunPostStartHooks). Nearly all of them wait
 * for informers, which ask the server itself, through its loopback client: that dials the server's own address, behind
 * all who have dialled before, and each turn of the handshake, of the requests and of their answers waits for the core
 * like anybody else's. In a storm of 2,500 reflectors on one core they had their objects 5.3 s after the server began to
 * serve, in one of 5,000 after 8.2 s, both as the storm was over; without one after 0.4 s (experiments/laboratory/starts).
 *
 * The priority levels are read then (hook `priority-and-fairness-config-consumer`: `configController.Run` waits for its
 * informers, util/flowcontrol/apf_controller.go). All releases.
 */
export class PostStartHooks {
  private readonly partUs: number;
  private readonly perNs: number;
  /** When each server's loopback client dialled first, µs, and how long after that it sent its last SYN. */
  private readonly dialledAt: Float64Array;
  private readonly sentAfterUs: Float64Array;

  constructor(
    private readonly world: Pick<World, 'input' | 'sim'>,
    private readonly processes: readonly ServerProcess[],
    private readonly listener: HooksListener,
  ) {
    const { startup, cpuScale } = world.input.apiServer;
    this.partUs = (startup.readyCpuUs * cpuScale) / PARTS;
    this.perNs = cpuScale / 1e3;
    this.dialledAt = new Float64Array(processes.length);
    this.sentAfterUs = new Float64Array(processes.length);
  }

  /** A server whose requests wait for cores begins to serve. */
  begin(cpu: GoScheduler): void {
    cpu.syncs(true);
    cpu.netReady(GOROUTINE.WORK, 0, 0, this.partUs);
    cpu.netReady(GOROUTINE.HOOKS, STEP.DIAL, 0, 0);
  }

  /** The loopback client dials its server. */
  dial(server: number): void {
    const process = this.processes[server];
    if (process.acceptQueueIsFull) {
      this.sentAfterUs[server] = 2 * this.sentAfterUs[server] + SYN_RETRANSMISSION_US;
      this.listener.dialsAgain(server, this.dialledAt[server] + this.sentAfterUs[server]);
    } else process.connects(LOOPBACK);
  }

  /** The ServerHello is sent. */
  answered({ cpu }: ServerProcess): void {
    cpu?.netReady(GOROUTINE.HOOKS, STEP.HELLO, 0, CLIENT_FINISHED_US * this.world.input.apiServer.cpuScale);
  }

  /** A goroutine of a server's hooks has had a core. */
  ran(server: number, step: number): void {
    const { cpu } = this.processes[server];
    if (cpu === null) return;
    switch (step) {
      case STEP.DIAL:
        this.dialledAt[server] = this.world.sim.now;
        this.sentAfterUs[server] = 0;
        this.dial(server);
        return;
      case STEP.HELLO:
        cpu.netReady(GOROUTINE.HOOKS, STEP.CONNECTED, 0, finishedNs(this.world.input, cpu.isBusy) * this.perNs);
        return;
      case STEP.CONNECTED:
        this.informers((kind, workUs) => cpu.wakeLater(kind, STEP.ANSWERED, 0, workUs));
        return;
      case STEP.ANSWERED:
        this.informers((kind, workUs) => cpu.netReady(kind, STEP.SYNCED, 0, workUs));
        return;
      case STEP.SYNCED:
        cpu.syncs(false);
        this.listener.levelsRead(server);
        cpu.netReady(GOROUTINE.HOOKS, STEP.DONE, 0, this.partUs);
        return;
      default:
        this.listener.hooksDone(server);
    }
  }

  /** A part of the work that all informers have: goroutines that are ready at once, the last of which goes on. */
  private informers(ready: (kind: number, workUs: number) => void): void {
    for (let i = 1; i <= INFORMERS; i++)
      ready(i < INFORMERS ? GOROUTINE.WORK : GOROUTINE.HOOKS, this.partUs / INFORMERS);
  }
}
