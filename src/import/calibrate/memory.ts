import { measuredText, type Finding } from './findings.js';
import { openWatchSeries } from './cpu.js';
import { measuredServer } from './measured-server.js';
import type { Stretch } from './stretch.js';

const MEMORY = 'process_resident_memory_bytes';

/** Garbage that is not collected yet moves the resident memory by some percent; the watches have to move it more. */
const MEMORY_SHARE_MIN = 0.1;

/** What `costs.watchMemoryBytes` may be in an experiment. */
const BYTES_MAX = 2 ** 30;

/**
 * `apiServer.costs.watchMemoryBytes`: by how much the resident memory grew for each watch that was opened between two
 * scrapes. Only growth counts: Go gives memory back late.
 */
export function watchMemoryFinding({ counted, before }: Stretch): Finding {
  const standard = measuredServer(counted).costs.watchMemoryBytes;
  const [open, openBefore] = [openWatchSeries(counted), before === null ? null : openWatchSeries(before)];
  const [memory, memoryBefore] = [counted.value(MEMORY), before?.value(MEMORY) ?? null];
  const finding = {
    field: 'apiServer.costs.watchMemoryBytes',
    default: standard,
    from: [MEMORY, ...(open === null ? [] : [open.name])],
  };
  const stays = (note: string): Finding => ({ ...finding, value: null, note });
  if (before === null) return stays('a slope needs two scrapes, with more watches in the later one');
  if (memory === null || memoryBefore === null) return stays(`${MEMORY} is absent`);
  if (open === null || openBefore === null) return stays('no series tells how many watches are open');
  const watches = open.count - openBefore.count;
  const bytes = memory - memoryBefore;
  const grew = `from ${measuredText(openBefore.count)} to ${measuredText(open.count)} watches`;
  const needed = Math.ceil((memory * MEMORY_SHARE_MIN) / standard);
  if (watches < needed) {
    return stays(`${grew}: it takes ${measuredText(needed)} more to tell their memory from garbage`);
  }
  const value = Math.round(bytes / watches);
  const change = `${measuredText(bytes / 2 ** 20)} MiB more ${grew}`;
  if (value <= 0 || value > BYTES_MAX) return stays(`${change}: something else moved the memory`);
  return { ...finding, value, note: change };
}
