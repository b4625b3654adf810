import type { Load } from '../meters/load.js';
import type { World } from '../world/world.js';
import { WRITER_NS } from './frame-writers.js';
import { GOROUTINE, type Goroutines } from './goroutines.js';
import { helloNs, helloUs } from './load-balancer.js';
import type { RequestAdmission } from './request-admission.js';
import type { RequestHandling } from './request-handling.js';
import type { Requests } from './requests.js';
import type { PostStartHooks } from './post-start-hooks.js';
import { LOOPBACK, type ServerProcess } from './server-process.js';
import type { Servers } from './servers.js';

/** What the goroutines of the API servers do when they have had a core: whom they make ready, and who is answered. */
export class ServerGoroutines implements Goroutines {
  private readonly load: Load;
  private readonly requests: Requests;
  private readonly perNs: number;

  constructor(
    private readonly world: World,
    private readonly servers: Servers,
    private readonly admission: RequestAdmission,
    private readonly handling: RequestHandling,
    private readonly hooks: PostStartHooks,
  ) {
    this.load = world.load;
    this.requests = servers.requests;
    this.perNs = world.input.apiServer.cpuScale / 1e3;
  }

  ran(server: number, kind: number, subject: number, generation: number): void {
    switch (kind) {
      case GOROUTINE.LISTENER:
        this.accepts(this.servers.processes[server], generation);
        return;
      case GOROUTINE.SERVER_HELLO:
        this.load.addCpu(server, this.world.sim.now, helloNs(this.world.input, generation === 1));
        if (subject === LOOPBACK) this.hooks.answered(this.servers.processes[server]);
        else this.servers.connections.accepted(subject, this.world.sim.now);
        return;
      case GOROUTINE.CLIENT_FINISHED:
        this.connected(this.servers.processes[server], subject);
        return;
      case GOROUTINE.WRITER:
        this.servers.processes[server].frames?.written(subject, generation);
        return;
      case GOROUTINE.HOOKS:
        this.hooks.ran(server, subject);
        return;
      case GOROUTINE.READER:
        this.admission.read(server, subject);
        return;
      case GOROUTINE.ETCD_READER:
        this.readsAnswers(this.servers.processes[server].etcdAnswers[subject]);
        return;
      default:
        if (this.requests.generation[subject] === generation) this.goesOn(kind, subject);
    }
  }

  /**
   * One goroutine accepts connections in a loop (`net/http/server.go` Serve), each with a goroutine of its own. It goes on
   * until none waits or its time is over: then it is at the end of the global queue, behind all whom it has made ready.
   */
  private accepts(process: ServerProcess, count: number): void {
    const { acceptQueue, cpu } = process;
    const accepted = acceptQueue.splice(0, 2 * count);
    for (let i = 0; i < accepted.length; i += 2) {
      const dial = accepted[i];
      const busy = accepted[i + 1];
      if (dial !== LOOPBACK && this.servers.connections.awaitsHello(dial, busy === 1)) continue;
      cpu?.wake(GOROUTINE.SERVER_HELLO, dial, busy, helloUs(this.world.input, process, busy === 1));
    }
    if (acceptQueue.length > 0) process.listens(count >= process.mostAccepts);
  }

  /**
   * A connection is set up. Its first frame, the settings, is written by a goroutine that loses its turn to the one which
   * reads the client's preface and the requests that have come with it (`golang.org/x/net/http2` serverConn.serve,
   * readPreface, readFrames); until it has run, no answer is written.
   */
  private connected({ cpu, frames, shakesHands, unread }: ServerProcess, node: number): void {
    if (node < 0) {
      cpu?.wakeLater(GOROUTINE.WORK, 0, 0, WRITER_NS * this.perNs);
      return;
    }
    shakesHands[node] = 0;
    frames?.begins(node);
    if (!unread.isEmpty(node)) cpu?.wake(GOROUTINE.READER, node, 0, 0);
  }

  /** One goroutine reads all that etcd has answered on a connection, which there is for each resource. */
  private readsAnswers(answers: number[]): void {
    const read = answers.splice(0);
    for (let i = 0; i < read.length; i += 2) {
      if (this.requests.generation[read[i]] === read[i + 1]) this.handling.etcdRead(read[i]);
    }
  }

  private goesOn(kind: number, request: number): void {
    if (kind === GOROUTINE.INTAKE) this.admission.takenIn(request);
    else if (kind === GOROUTINE.HANDLER) this.handling.handled(request);
    else if (kind === GOROUTINE.SENDER) this.handling.sends(request);
    else this.handling.resumed(request);
  }
}
