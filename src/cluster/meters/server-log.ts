import { Gauge } from '../../sim/gauge.js';

/** A server that was killed for lack of memory, and when, µs. */
export interface OutOfMemory {
  readonly server: number;
  readonly at: number;
}

/** Which servers serve, and which were killed. */
export class ServerLog {
  readonly kills: OutOfMemory[] = [];
  private readonly serving = new Gauge();

  constructor(servers: number) {
    this.serving.initial = servers;
  }

  /** A server that served does not any longer. */
  stops(at: number): void {
    this.serving.down(at);
  }

  serves(at: number): void {
    this.serving.up(at);
  }

  outOfMemory(server: number, at: number): void {
    this.kills.push({ server, at });
  }

  /** The fewest servers that served at one time between 0 and `end`. */
  fewestServing(end: number): number {
    let fewest = Infinity;
    this.serving.levels(end, (level) => (fewest = Math.min(fewest, level)));
    return fewest;
  }
}
