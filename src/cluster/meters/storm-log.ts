import { SECOND_US } from '../../sim/units.js';
import { GrowableFloat64, GrowableInt32 } from '../../sim/growable.js';
import type { Storm } from '../model/run-record.js';

/** What became of the watches that a server lost when it stopped. */
export class StormLog {
  private readonly servers: number[] = [];
  private readonly times: number[] = [];
  private readonly lostCounts: number[] = [];
  private readonly back: GrowableFloat64[] = [];
  /** The entry of each watch that is back. */
  private readonly backEntries: GrowableInt32[] = [];
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
    this.backEntries.push(new GrowableInt32());
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
    this.backEntries[storm].push(entry);
  }

  /** The entry's reflector has ended: its watch is not expected back. */
  forget(entry: number): void {
    const storm = this.stormOf[entry];
    if (storm < 0) return;
    this.stormOf[entry] = -1;
    this.lostCounts[storm]--;
  }

  /** When the server of each storm stopped, µs. */
  get stops(): readonly number[] {
    return this.times;
  }

  /** Each entry that lost its watch in a storm, and how many µs later it had one again; Infinity: not by now. */
  forEachLost(storm: number, visit: (entry: number, after: number) => void): void {
    const [entries, times] = [this.backEntries[storm], this.back[storm]];
    for (let i = 0; i < times.length; i++) visit(entries.get(i), times.get(i));
    this.stormOf.forEach((own, entry) => {
      if (own === storm) visit(entry, Infinity);
    });
  }

  records(): Storm[] {
    return this.servers.map((server, storm) => {
      const lost = this.lostCounts[storm];
      const back = this.back[storm].view().slice().sort();
      const after = (share: number): number | null => {
        const time = back[Math.ceil(share * lost) - 1] as number | undefined;
        return time === undefined ? null : time / SECOND_US;
      };
      return {
        server,
        atS: this.times[storm] / SECOND_US,
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
