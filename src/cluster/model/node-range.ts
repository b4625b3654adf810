/** Nodes from the first to the last (exclusive). */
export type NodeRange = readonly [first: number, last: number];

/** Columns of a range of nodes, one after another. */
export function slicesOf<Numbers extends Float64Array | Uint8Array>(
  values: Numbers,
  ranges: readonly NodeRange[],
  startOf: (node: number) => number,
): Numbers[] {
  return ranges.map(([first, last]) => values.slice(startOf(first), startOf(last)) as Numbers);
}
