import { FormatError } from '../experiment/language/values/input-error.js';
import { readBytes } from '../experiment/language/input-bytes.js';
import { sourceLabel } from '../experiment/language/source.js';
import { clusterFiles } from './cluster-files.js';
import { addTally, emptyTally, type ItemSink, type ItemTally } from './item-sink.js';
import { KubernetesItemReader } from './kubernetes-items.js';

/** What the files of a cluster gave. */
export interface ReadFiles {
  readonly tally: ItemTally;
  /** Files of folders that hold no objects. */
  readonly otherFiles: number;
  /** Files of folders that begin as if they held some, but cannot be read: why, for the first. */
  readonly unreadable: readonly string[];
}

/**
 * Reads what `kubectl get … -o json` wrote (`-`: standard input; gzip or not).
 * Throws an InputError where the file is something else.
 */
export async function readKubernetesItems(path: string, sink: ItemSink): Promise<ItemTally> {
  const reader = new KubernetesItemReader(sourceLabel(path), sink);
  for await (const piece of readBytes(path)) reader.write(piece);
  return reader.end();
}

/**
 * Reads the files and folders of a cluster. In a folder, what holds no objects is passed over; what began to give some
 * has to be whole. Throws an InputError.
 */
export async function readClusterFiles(paths: readonly string[], sink: ItemSink): Promise<ReadFiles> {
  const tally = emptyTally();
  const unreadable: string[] = [];
  let otherFiles = 0;
  for (const path of paths) {
    const { files, inFolder, others } = await clusterFiles(path);
    otherFiles += others;
    for (const file of files) {
      const read = inFolder ? await readIfDump(file, sink) : await readKubernetesItems(file, sink);
      if (read instanceof FormatError) unreadable.push(read.problems[0]);
      else if (read === null) otherFiles++;
      else addTally(tally, read);
    }
  }
  return { tally, otherFiles, unreadable };
}

/** null: the file holds no objects; an error: it is in no format that objects are written in. */
async function readIfDump(file: string, sink: ItemSink): Promise<ItemTally | FormatError | null> {
  const reader = new KubernetesItemReader(sourceLabel(file), sink);
  try {
    for await (const piece of readBytes(file)) reader.write(piece);
    return reader.end();
  } catch (error) {
    if (!(error instanceof FormatError) || reader.hasItems) throw error;
    return reader.isForeign ? null : error;
  }
}
