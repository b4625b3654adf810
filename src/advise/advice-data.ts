import { cellsOf } from '../report/columns.js';
import { csvLines } from '../report/csv.js';
import { ADVICE_COLUMNS } from './advice-columns.js';
import type { Advice } from './advice.js';
import { adviceRow, type JudgedObject } from './judged-objects.js';
import type { WatchCosts } from './watch-costs.js';

/** All objects for a spreadsheet, in order. */
export function adviceCsv(objects: readonly JudgedObject[]): string {
  const rows = objects.map((object) => cellsOf(ADVICE_COLUMNS, adviceRow(object)));
  return csvLines([ADVICE_COLUMNS.map(({ name }) => name), ...rows], { excel: false });
}

/** The advice for a program. */
export function adviceJson({ cluster, now, saved, underWatch, objects, excluded, files, warnings }: Advice): string {
  const advice = {
    cluster: {
      nodes: cluster.nodes,
      pods: cluster.pods,
      objects: cluster.objects,
      kubelet_release: cluster.kubeletRelease,
      api_servers: cluster.apiServers,
      api_servers_seen: cluster.apiServersSeen,
      strategy: cluster.strategy,
      sync_frequency: cluster.syncFrequency,
      newest_time: cluster.newestTime,
    },
    now: costFields(now),
    saved: costFields(saved),
    watches_under_watch: underWatch.open,
    objects_to_mark_under_watch: underWatch.objects,
    watches_saved_under_watch: underWatch.saved,
    excluded,
    objects: objects.map((object) => ({ ...adviceRow(object), stale_workloads: object.use.staleWorkloads })),
    files,
    warnings,
  };
  return `${JSON.stringify(advice, null, 2)}\n`;
}

function costFields(costs: WatchCosts) {
  return {
    watches: costs.watches,
    rewatches_per_s: costs.rewatchesPerS,
    bookmarks_per_s: costs.bookmarksPerS,
    bytes_per_s: costs.bytesPerS,
    apiserver_cpu_cores: costs.cpuCores,
    apiserver_memory_bytes: costs.memoryBytes,
    storm_reconnects: costs.watches,
    storm_bytes: costs.stormBytes,
  };
}
