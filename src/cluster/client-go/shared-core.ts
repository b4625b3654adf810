import { IntQueue } from '../../sim/int-queue.js';
import type { Simulator } from '../../sim/simulator.js';
import { EVENT } from '../model/events.js';

/** Each 61st time the core looks first at what the network has made ready (`findRunnable`, runtime/proc.go). */
const GLOBAL_FIRST = 61;
/** An argument of EVENT.CLIENT_CORE: what runs is done; any other is an item that is ready then. */
const DONE = 0;

/** Something that a client does on the core. */
interface Item {
  readonly us: number;
  readonly isLocal: boolean;
  readonly done: () => void;
}

/**
 * The core that all clients share, as those of a laboratory's storm do, who are goroutines of one process: whom another
 * goroutine or a timer has made ready runs before those whom the network has, but for one in 61. So clients notice that
 * their connections are gone, and dial anew, before they set up the first of the new ones. That a P's queue has room for
 * 256 only is not modelled (`go-scheduler.ts`, for servers).
 */
export class SharedCore {
  private readonly items: Item[] = [];
  private readonly free: number[] = [];
  private readonly local = new IntQueue(256);
  private readonly network = new IntQueue(1024);
  private running = -1;
  private ticks = 0;

  /** `slowness`: how many times `us` it takes. */
  constructor(
    private readonly sim: Simulator,
    private readonly slowness: number,
  ) {}

  /** From `since` on a client has something to do that takes `us`: `done` is called when it is. */
  run(since: number, us: number, isLocal: boolean, done: () => void): void {
    const item = this.free.pop() ?? this.items.length;
    this.items[item] = { us, isLocal, done };
    if (since > this.sim.now) this.sim.schedule(since, EVENT.CLIENT_CORE, 0, item + 1);
    else this.ready(item);
  }

  /** EVENT.CLIENT_CORE. */
  handle(argument: number): void {
    if (argument !== DONE) {
      this.ready(argument - 1);
      return;
    }
    const item = this.running;
    const { done } = this.items[item];
    this.free.push(item);
    this.running = -1;
    done();
    this.next();
  }

  private ready(item: number): void {
    const { local, network } = this;
    if (!this.items[item].isLocal) network.push(item);
    else local.push(item);
    this.next();
  }

  private next(): void {
    const { local, network, sim } = this;
    if (this.running >= 0 || local.length + network.length === 0) return;
    const networkFirst = local.length === 0 || (network.length > 0 && this.ticks % GLOBAL_FIRST === 0);
    this.ticks++;
    this.running = networkFirst ? network.shift() : local.shift();
    sim.schedule(sim.now + Math.round(this.items[this.running].us * this.slowness), EVENT.CLIENT_CORE, 0, DONE);
  }
}
