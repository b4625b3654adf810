import { gzipSync } from 'node:zlib';
import type { TopologyFile } from '../cluster/topology-file.js';

/** Lines that are put together at a time: one text of a large cluster would be longer than a string can be. */
const LINES_PER_PIECE = 10_000;

/**
 * A topology as gzip'd JSON, one node, object or pod per line, so that a person can look for a name.
 * The same topology gives the same bytes: no time and no file name goes into them.
 */
export function topologyBytes(topology: TopologyFile): Buffer {
  return gzipSync(Buffer.concat([...pieces(topology)]), { level: 9 });
}

function* pieces({ apiVersion, kind, nodes, objects, pods }: TopologyFile): Generator<Buffer> {
  yield Buffer.from(`{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)}`);
  for (const [field, items] of Object.entries({ nodes, objects, pods })) {
    yield Buffer.from(`,\n"${field}":[`);
    for (let from = 0; from < items.length; from += LINES_PER_PIECE) {
      const lines = items.slice(from, from + LINES_PER_PIECE).map((item) => `\n${JSON.stringify(item)}`);
      yield Buffer.from((from === 0 ? '' : ',') + lines.join(','));
    }
    yield Buffer.from(']');
  }
  yield Buffer.from('}\n');
}
