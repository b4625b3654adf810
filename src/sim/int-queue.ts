/** First in, first out: a queue of integers that grows and then allocates nothing. */
export class IntQueue {
  length = 0;
  private items: Int32Array;
  private head = 0;

  /** @param capacity room at first, a power of two */
  constructor(capacity = 256) {
    this.items = new Int32Array(capacity);
  }

  /** The youngest; −1: the queue is empty. */
  get last(): number {
    return this.length === 0 ? -1 : this.items[this.place(this.length - 1)];
  }

  push(item: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[this.place(this.length++)] = item;
  }

  /** Takes the oldest; the queue must not be empty. */
  shift(): number {
    const item = this.items[this.head];
    this.head = this.place(1);
    this.length--;
    return item;
  }

  clear(): void {
    this.head = 0;
    this.length = 0;
  }

  private place(index: number): number {
    return (this.head + index) & (this.items.length - 1);
  }

  private grow(): void {
    const items = new Int32Array(this.items.length * 2);
    for (let i = 0; i < this.length; i++) items[i] = this.items[this.place(i)];
    this.items = items;
    this.head = 0;
  }
}
