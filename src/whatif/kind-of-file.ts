import { stat } from 'node:fs/promises';
import { readBytes } from '../experiment/language/input-bytes.js';
import { STDIN } from '../experiment/language/source.js';

/** As much of a file as tells what it is: comments may stand before its fields. */
const HEAD_BYTES = 2 ** 16;

/** What says of a file what it is. */
const APIVERSION = /(^|[{,\s])["']?apiVersion["']?\s*:\s*["']?secretsim\/v1\b/;
const TOPOLOGY = /(^|[{,\s])["']?kind["']?\s*:\s*["']?Topology\b/;

/**
 * Whether a file is an experiment, a topology, or else a dump of a cluster, which folders and standard input are taken
 * for. Throws an InputError where it cannot be read.
 */
export async function kindOfFile(path: string): Promise<'experiment' | 'topology' | 'dump'> {
  if (path === STDIN) return 'dump';
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return 'dump';
  const head = await headOf(path);
  if (!APIVERSION.test(head)) return 'dump';
  return TOPOLOGY.test(head) ? 'topology' : 'experiment';
}

async function headOf(path: string): Promise<string> {
  let head = '';
  for await (const piece of readBytes(path)) {
    head += piece.toString('latin1');
    if (head.length >= HEAD_BYTES) break;
  }
  return head.slice(0, HEAD_BYTES);
}
