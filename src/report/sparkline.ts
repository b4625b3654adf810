/** An eighth to the whole of a cell, from the bottom. */
const BLOCKS = '▁▂▃▄▅▆▇█';

/**
 * Shares from 0 to 1 as blocks, one a cell: a blank for 0, and the full block for 1 alone, so that what is nearly all
 * does not pass for all.
 */
export function sparkline(shares: readonly number[]): string {
  return shares.map(blockOf).join('');
}

function blockOf(share: number): string {
  if (!(share > 0)) return ' ';
  return share >= 1 ? BLOCKS[BLOCKS.length - 1] : BLOCKS[Math.floor(share * (BLOCKS.length - 1))];
}

/** What stands below cells: a text at the left end and one at the right end. */
export function axisLine(left: string, right: string, cells: number): string {
  return left + right.padStart(cells - left.length);
}
