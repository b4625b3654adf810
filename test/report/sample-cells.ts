import type { SampleTable } from '../../src/cluster/model/run-record.js';
import { cellsOf } from '../../src/report/columns.js';
import { type Cell, seconds } from '../../src/report/csv.js';
import { SAMPLES_COLUMNS } from '../../src/report/tables/samples.js';

/** The cells of a row of samples.csv, by the names of its columns. */
export function sampleCells(runId: string, scenario: string, table: SampleTable, row: number): readonly Cell[] {
  return cellsOf(SAMPLES_COLUMNS, {
    run_id: runId,
    update: table.update[row],
    object: table.object[row],
    version: table.version[row],
    node: table.node[row],
    pod: table.pod[row],
    as: table.as[row],
    written_at_s: seconds(table.writtenAtUs[row]),
    projected_at_s: seconds(table.projectedAtUs[row]),
    delay_s: seconds(table.projectedAtUs[row] - table.writtenAtUs[row]),
    cache_delay_s: seconds(table.cacheDelayUs[row]),
    sync_wait_s: seconds(table.syncWaitUs[row]),
    refresh_s: seconds(table.refreshUs[row]),
    scenario,
    namespace: table.pod[row].slice(0, table.pod[row].indexOf('/')),
    owner: table.owner[row],
  });
}
