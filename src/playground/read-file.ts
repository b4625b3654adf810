import { sourceLabel } from '../experiment/language/source.js';
import { isGzip } from '../experiment/language/values/foreign-format.js';
import {
  CONFIGURATION_BYTES_MAX,
  configurationText,
  isConfiguration,
  parseKubeletSettings,
} from '../import/kubelet/parse-settings.js';
import { importDump } from './import-dump.js';
import type { WorkerReply } from './protocol.js';

/**
 * Reads a file that was dropped on the page: a kubelet's configuration in any form that `--kubelet` takes, else a dump of
 * a cluster, gzip or not. Throws an InputError where it is neither.
 */
export async function readDropped(name: string, file: Blob): Promise<WorkerReply> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (isGzip(head)) return dumpOf(name, file.stream().pipeThrough(new DecompressionStream('gzip')));
  const text = file.size <= CONFIGURATION_BYTES_MAX ? await textOf(file) : null;
  if (text === null || !isConfiguration(text)) return dumpOf(name, file.stream());
  return { kind: 'kubelet', ...(await parseKubeletSettings(text, sourceLabel(name))) };
}

/** null where the file is no text. */
async function textOf(file: Blob): Promise<string | null> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return bytes.includes(0) ? null : configurationText(bytes, '');
}

async function dumpOf(name: string, pieces: ReadableStream<Uint8Array>): Promise<WorkerReply> {
  return { kind: 'cluster', ...(await importDump(name, pieces)) };
}
