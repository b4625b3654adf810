/** Nodes from the first to the last (exclusive). */
export type NodeRange = readonly [first: number, last: number];
