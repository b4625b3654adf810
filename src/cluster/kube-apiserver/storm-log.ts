import { GrowableFloat64 } from '../../sim/growable.js';
import type { Storm } from '../run-record.js';

const MICROSECONDS = 1e6;

/** What became of the watches that a server lost when it stopped. */
export class StormLog {
  private readonly servers: number[] = [];
  private readonly times: number[] = [];
  private readonly lostCounts: number[] = [];
  private readonly back: GrowableFloat64[] = [];
  /** Storm in which each entry lost its watch and has not opened it again, −1: none. */
  private readonly stormOf: Int32Array;

  constructor(entries: number) {
    this.stormOf = new Int32Array(entries).fill(-1);
  }

  /** A server stops; returns the storm's number. */
  begin(server: number, at: number): number {
    this.servers.push(server);
    this.times.push(at);
    this.lostCounts.push(0);
    this.back.push(new GrowableFloat64());
    return this.servers.length - 1;
  }

  /** An entry loses its watch. */
  lost(storm: number, entry: number): void {
    this.lostCounts[storm]++;
    this.stormOf[entry] = storm;
  }

  /** An entry has a watch again. */
  opened(entry: number, at: number): void {
    const storm = this.stormOf[entry];
    if (storm < 0) return;
    this.stormOf[entry] = -1;
    this.back[storm].push(at - this.times[storm]);
  }

  /** The entry's reflector has ended: its watch is not expected back. */
  forget(entry: number): void {
    const storm = this.stormOf[entry];
    if (storm < 0) return;
    this.stormOf[entry] = -1;
    this.lostCounts[storm]--;
  }

  records(): Storm[] {
    return this.servers.map((server, storm) => {
      const lost = this.lostCounts[storm];
      const back = this.back[storm].view().slice().sort();
      const after = (share: number): number | null => {
        const time = back[Math.ceil(share * lost) - 1] as number | undefined;
        return time === undefined ? null : time / MICROSECONDS;
      };
      return {
        server,
        atS: this.times[storm] / MICROSECONDS,
        watchesLost: lost,
        watchesBack: back.length,
        backAfter50S: after(0.5),
        backAfter90S: after(0.9),
        backAfter99S: after(0.99),
        backAfter100S: after(1),
      };
    });
  }
}
