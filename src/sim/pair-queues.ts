import { RowPool } from './row-pool.js';

/** Pairs that are in lists, each with the next one of its list. */
class Links extends RowPool {
  readonly first = this.column(Int32Array);
  readonly second = this.column(Int32Array);
  readonly next = this.column(Int32Array);

  open(first: number, second: number): number {
    const link = this.take();
    this.first[link] = first;
    this.second[link] = second;
    this.next[link] = -1;
    return link;
  }
}

/**
 * Queues of pairs of integers, such as rows and their generations, one for each of many owners of whom most have none:
 * first in, first out. All are in one pool, so that nothing is allocated for a queue.
 */
export class PairQueues {
  /** Of the pair last taken out. */
  first = -1;
  second = -1;
  private readonly heads: Int32Array;
  private readonly tails: Int32Array;
  private links = new Links();

  constructor(owners: number) {
    this.heads = new Int32Array(owners).fill(-1);
    this.tails = new Int32Array(owners);
  }

  isEmpty(owner: number): boolean {
    return this.heads[owner] < 0;
  }

  /** The second of an owner's oldest pair, which there is. */
  peekSecond(owner: number): number {
    return this.links.second[this.heads[owner]];
  }

  push(owner: number, first: number, second: number): void {
    const link = this.links.open(first, second);
    if (this.heads[owner] < 0) this.heads[owner] = link;
    else this.links.next[this.tails[owner]] = link;
    this.tails[owner] = link;
  }

  /** Takes an owner's oldest pair out into `first` and `second`; false where there is none. */
  shift(owner: number): boolean {
    const { links, heads } = this;
    const link = heads[owner];
    if (link < 0) return false;
    this.first = links.first[link];
    this.second = links.second[link];
    heads[owner] = links.next[link];
    links.close(link);
    return true;
  }

  clear(): void {
    this.heads.fill(-1);
    this.links = new Links();
  }
}
