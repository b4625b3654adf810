import { readBytes } from '../experiment/input-bytes.js';
import { sourceLabel } from '../experiment/source.js';
import { KubernetesItemReader, type OnItem } from './kubernetes-items.js';

/**
 * Reads what `kubectl get … -o json` wrote (`-`: standard input; gzip or not).
 * Throws an InputError where the file is something else.
 * @returns how many items of other kinds were passed over
 */
export async function readKubernetesItems(path: string, onItem: OnItem): Promise<number> {
  const reader = new KubernetesItemReader(sourceLabel(path), onItem);
  for await (const piece of readBytes(path)) reader.write(piece);
  return reader.end();
}
