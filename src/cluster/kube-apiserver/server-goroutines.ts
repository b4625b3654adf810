import type { Load } from '../meters/load.js';
import type { World } from '../world/world.js';
import { WRITER_NS } from './frame-writers.js';
import { GOROUTINE, type Goroutines } from './go-scheduler.js';
import { helloNs } from './load-balancer.js';
import type { RequestAdmission } from './request-admission.js';
import type { RequestHandling } from './request-handling.js';
import type { Requests } from './requests.js';
import type { ServerProcess } from './server-process.js';
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
  ) {
    this.load = world.load;
    this.requests = servers.requests;
    this.perNs = world.input.apiServer.cpuScale / 1e3;
  }

  ran(server: number, kind: number, subject: number, generation: number): void {
    switch (kind) {
      case GOROUTINE.LISTENER:
        this.accepts(this.servers.processes[server]);
        return;
      case GOROUTINE.SERVER_HELLO:
        this.load.addCpu(server, this.world.sim.now, helloNs(this.world.input));
        this.servers.connections.accepted(subject, this.world.sim.now);
        return;
      case GOROUTINE.CLIENT_FINISHED:
        // Its first frame, the settings, is written.
        this.servers.processes[server].cpu?.wake(GOROUTINE.WORK, 0, 0, WRITER_NS * this.perNs);
        return;
      case GOROUTINE.WRITER:
        this.servers.processes[server].frames?.written(subject);
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

  /** All connections that wait are accepted in one loop (`net/http/server.go` Serve), each with a goroutine of its own. */
  private accepts(process: ServerProcess): void {
    const workUs = helloNs(this.world.input) * this.perNs;
    for (const dial of process.acceptQueue.splice(0)) process.cpu?.wake(GOROUTINE.SERVER_HELLO, dial, 0, workUs);
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
    else this.handling.resumed(request);
  }
}
