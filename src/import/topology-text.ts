import { gzipSync } from 'node:zlib';
import type { TopologyFile } from '../cluster/model/topology-file.js';
import { topologyPieces } from './topology-pieces.js';

/**
 * A topology as gzip'd JSON, one node, object or pod per line, so that a person can look for a name.
 * The same topology gives the same bytes: no time and no file name goes into them.
 */
export function topologyBytes(topology: TopologyFile): Buffer {
  return gzipSync(Buffer.concat(Array.from(topologyPieces(topology), (piece) => Buffer.from(piece))), { level: 9 });
}
