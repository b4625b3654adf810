import type { TopologyFile } from '../cluster/model/topology-file.js';

/** Lines that are put together at a time: one text of a large cluster would be longer than a string can be. */
const LINES_PER_PIECE = 10_000;

/** A topology as JSON in pieces, one node, object, pod or workload per line. */
export function* topologyPieces({ apiVersion, kind, ...lists }: TopologyFile): Generator<string> {
  yield `{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)}`;
  for (const [field, items] of Object.entries(lists)) {
    yield `,\n"${field}":[`;
    for (let from = 0; from < items.length; from += LINES_PER_PIECE) {
      const lines = items.slice(from, from + LINES_PER_PIECE).map((item) => `\n${JSON.stringify(item)}`);
      yield (from === 0 ? '' : ',') + lines.join(',');
    }
    yield ']';
  }
  yield '}\n';
}
