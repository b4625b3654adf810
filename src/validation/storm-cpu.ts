import { CLIENT_CPU_US } from '../cluster/client-go/client-cores.js';
import { measuredFor } from '../cluster/model/measured-costs.js';
import type { Release } from '../cluster/model/releases.js';
import { SECOND_US } from '../sim/units.js';
import type { MeasuredStorm } from './measured-storm.js';
import type { Slowness } from './storm.js';

/** So far the CPU of a storm may lie from that of the tables before another speed of its machine is taken for the cause. */
const CLOSES = 0.15;

/** What the table of costs gives a storm's start, its connections and its requests, at what they cost a busy server, s. */
export function serverCpuS(release: Release, storm: MeasuredStorm): number {
  const { clients, reflectors, rejected, lists, connections, gone } = storm;
  const { costs, startup } = measuredFor(release);
  const { connection, watchGone, list, watch, watchList, watchGrowth, busyShare } = costs;
  const opened = lists > 0 ? (list.at1KiB + watch) * busyShare.fromMemory : watchList.at1KiB * busyShare.fromEtcd;
  const ns =
    connections * connection * busyShare.connection +
    (gone * watchGone + rejected * costs.rejected) * busyShare.fromMemory +
    clients * reflectors * (opened + watchGrowth);
  return (startup.serveCpuUs + startup.readyCpuUs) / SECOND_US + ns / 1e9;
}

/** What its clients do on the core that they share, s. */
export function clientsCpuS({ clients, reflectors, rejected, lists, refused }: MeasuredStorm): number {
  const { notice, dialFailed, hello, finished, request, watchList, answer, rejection } = CLIENT_CPU_US;
  const each = notice + hello + finished + 2 * (request + watchList);
  const us = clients * reflectors * each + refused * dialFailed + lists * (request + answer);
  return (us + rejected * (request + rejection)) / SECOND_US;
}

/**
 * How many times as long as by the tables what a storm's server and clients did took them. Where the CPU is another
 * machine's, so much more: on one that others use, each has been found to take up to 2.1 times as much, and not both
 * alike; 1 where it was not measured. And who has its cores for a share of the time only takes so much longer.
 */
export function slownessOf(release: Release, storm: MeasuredStorm): Slowness {
  const { start, server } = serverSlowness(release, storm);
  const clients = anothers(storm.clientsCpu / clientsCpuS(storm));
  const { shareOfTime } = storm;
  return {
    start: start / shareOfTime.server,
    server: server / shareOfTime.server,
    clients: clients / shareOfTime.others,
  };
}

/**
 * A start may take another machine a different share more: 1.8 to 2.9 times the table's CPU where all else took 1.2 to 2.1
 * times (experiments/laboratory/data/README.md, two cores).
 */
function serverSlowness(release: Release, storm: MeasuredStorm): { readonly start: number; readonly server: number } {
  const { startup } = measuredFor(release);
  const all = anothers(storm.cpu / serverCpuS(release, storm));
  if (all === 1 || Number.isNaN(storm.startCpu)) return { start: all, server: all };
  const start = (storm.startCpu * SECOND_US) / startup.serveCpuUs;
  const startS = (startup.serveCpuUs + startup.readyCpuUs) / SECOND_US;
  return { start, server: (storm.cpu - start * startS) / (serverCpuS(release, storm) - startS) };
}

/** A ratio that is another machine's. */
function anothers(ratio: number): number {
  return Math.abs(ratio - 1) > CLOSES ? ratio : 1;
}

/** Why a row misses, and what of its machine was simulated: that alone explains no miss. */
export function besideSlowness(reason: string, { server, clients }: Slowness): string {
  if (reason === '' || (server === 1 && clients === 1)) return reason;
  return `${reason}; simulated with the machine's speed: ${server.toFixed(2)} times as long as by the tables for the server, ${clients.toFixed(2)} for its clients`;
}
