import type { CostLine, CostTable } from '../../cluster/model/costs.js';
import { measuredFor } from '../../cluster/model/measured-costs.js';
import type { ServerStartup } from '../../cluster/model/model-input.js';
import type { ExperimentSpec } from './schema.js';
import { durationUs } from './values/durations.js';

/** What an experiment says of a cost that grows with the size, µs. */
interface GivenLine {
  readonly at1KiB?: number | undefined;
  readonly at64KiB?: number | undefined;
}

type ServerSpec = Pick<ExperimentSpec, 'apiServer' | 'cluster'>;

export const NS_PER_US = 1000;

/** Costs that grow with the size of an object. */
export const COST_LINES = ['getFromCache', 'getQuorum', 'list', 'write', 'watchList', 'event'] as const;

/** What requests cost: as measured of the servers' release, but for what is given. */
export function compileCosts({ apiServer, cluster }: ServerSpec): CostTable {
  const { cpuUs, busyShare, watchMemoryBytes, cachedObjectMemoryRatio } = apiServer.costs;
  const { costs } = measuredFor(cluster.kubernetesVersion);
  const ns = (us: number | undefined, measured: number): number =>
    us === undefined ? measured : Math.round(us * NS_PER_US);
  const line = ({ at1KiB, at64KiB }: GivenLine, measured: CostLine): CostLine => ({
    at1KiB: ns(at1KiB, measured.at1KiB),
    at64KiB: ns(at64KiB, measured.at64KiB),
  });
  return {
    getFromCache: line(cpuUs.getFromCache, costs.getFromCache),
    getQuorum: line(cpuUs.getQuorum, costs.getQuorum),
    list: line(cpuUs.list, costs.list),
    write: line(cpuUs.write, costs.write),
    watch: ns(cpuUs.watch, costs.watch),
    watchScanPerObject: ns(cpuUs.watchScanPerObject, costs.watchScanPerObject),
    watchList: line(cpuUs.watchList, costs.watchList),
    watchGone: ns(cpuUs.watchGone, costs.watchGone),
    watchGrowth: ns(cpuUs.watchGrowth, costs.watchGrowth),
    event: line(cpuUs.event, costs.event),
    filteredEvent: ns(cpuUs.filteredEvent, costs.filteredEvent),
    bookmark: ns(cpuUs.bookmark, costs.bookmark),
    rejected: ns(cpuUs.rejected, costs.rejected),
    tokenRequest: ns(cpuUs.tokenRequest, costs.tokenRequest),
    connection: ns(cpuUs.connection, costs.connection),
    nodeBackground: ns(cpuUs.nodeBackgroundPerSecond, costs.nodeBackground),
    decrypt: ns(cpuUs.decrypt, costs.decrypt),
    cacheFillPerObject: ns(cpuUs.cacheFillPerObject, costs.cacheFillPerObject),
    busyShare: {
      fromMemory: busyShare.fromMemory ?? costs.busyShare.fromMemory,
      fromEtcd: busyShare.fromEtcd ?? costs.busyShare.fromEtcd,
      connection: busyShare.connection ?? costs.busyShare.connection,
    },
    watchMemoryBytes: watchMemoryBytes ?? costs.watchMemoryBytes,
    cachedObjectMemoryRatio: cachedObjectMemoryRatio ?? costs.cachedObjectMemoryRatio,
  };
}

/** How a server starts: as measured of its release, but for what is given. */
export function compileStartup({ apiServer, cluster }: ServerSpec): ServerStartup {
  const { listen, wait, serveCpu, readyCpu } = apiServer.startup;
  const { startup } = measuredFor(cluster.kubernetesVersion);
  const us = (given: string | undefined, measured: number): number =>
    given === undefined ? measured : durationUs(given);
  return {
    listenUs: us(listen, startup.listenUs),
    waitUs: us(wait, startup.waitUs),
    serveCpuUs: us(serveCpu, startup.serveCpuUs),
    readyCpuUs: us(readyCpu, startup.readyCpuUs),
  };
}
