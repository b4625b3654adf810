import type { Population } from '../population/population.js';
import { ObjectManager } from './secret-manager/manager.js';
import type { Clients } from './secret-manager/strategy.js';

/**
 * The managers of what a kubelet's volumes are filled from, as one: that of the change detection strategy for Secrets and
 * ConfigMaps, and those of what comes by informers.
 */
export class ManagersByKind extends ObjectManager {
  override readonly readsCount: boolean;
  override readonly dropsAtSyncs: boolean;
  override readonly keepsNothing: boolean;
  override readonly foreseesReads: boolean;
  private readonly all: readonly ObjectManager[];

  constructor(
    private readonly population: Population,
    private readonly clients: Pick<Clients, 'reads' | 'requests'>,
    private readonly objects: ObjectManager,
    /** By kind of object, where there are any of it. */
    private readonly others: ReadonlyMap<number, ObjectManager>,
  ) {
    super();
    this.readsCount = objects.readsCount;
    this.dropsAtSyncs = objects.dropsAtSyncs;
    this.keepsNothing = objects.keepsNothing;
    this.all = [objects, ...others.values()];
    this.foreseesReads = this.all.every(({ foreseesReads }) => foreseesReads);
  }

  override initialize(first: number, last: number): void {
    for (const manager of this.all) manager.initialize(first, last);
  }

  override register(entry: number, now: number): void {
    this.of(entry).register(entry, now);
  }

  override startStationary(entry: number, now: number, readers: number): void {
    this.of(entry).startStationary(entry, now, readers);
  }

  override invalidate(entry: number, now: number): void {
    this.of(entry).invalidate(entry, now);
  }

  override get(entry: number, at: number): void {
    const manager = this.of(entry);
    manager.get(entry, at);
    this.takeOver(manager);
  }

  override finds(entry: number, at: number, shown: number): boolean {
    const manager = this.of(entry);
    const found = manager.finds(entry, at, shown);
    this.doneAt = manager.doneAt;
    return found;
  }

  override isSettled(entry: number, until: number): boolean {
    return this.of(entry).isSettled(entry, until);
  }

  override release(entry: number, now: number): void {
    this.of(entry).release(entry, now);
  }

  override readyAt(entry: number, revision: number): number {
    return this.of(entry).readyAt(entry, revision);
  }

  override wait(entry: number, read: number): void {
    this.of(entry).wait(entry, read);
  }

  override answered(request: number): void {
    this.of(this.clients.requests.subject[request]).answered(request);
  }

  override readDue(read: number, generation: number): void {
    this.of(this.population.consumerEntry[this.clients.reads.consumer[read]]).readDue(read, generation);
  }

  override committed(entry: number, revision: number): void {
    this.of(entry).committed(entry, revision);
  }

  override delivered(entry: number, revision: number): void {
    this.of(entry).delivered(entry, revision);
  }

  override readsOnce(entry: number): boolean {
    return this.of(entry).readsOnce(entry);
  }

  override isWatching(entry: number): boolean {
    return this.of(entry).isWatching(entry);
  }

  override listedAt(entry: number): number {
    return this.of(entry).listedAt(entry);
  }

  override stopIdle(entry: number, now: number): void {
    this.of(entry).stopIdle(entry, now);
  }

  override kubeletEnds(node: number): void {
    for (const manager of this.all) manager.kubeletEnds(node);
  }

  override kubeletStarts(node: number): void {
    for (const manager of this.all) manager.kubeletStarts(node);
  }

  override kubeletRuns(node: number, now: number): void {
    for (const manager of this.all) manager.kubeletRuns(node, now);
  }

  override timerDue(entry: number, argument: number): void {
    this.of(entry).timerDue(entry, argument);
  }

  override finish(first: number, last: number, end: number): void {
    for (let entry = first; entry < last; entry++) this.of(entry).finish(entry, entry + 1, end);
  }

  /** Takes over what a manager has found; of a read that has waited, before it goes on. */
  takeOver({ doneAt, content, revision }: ObjectManager): void {
    this.doneAt = doneAt;
    this.content = content;
    this.revision = revision;
  }

  private of(entry: number): ObjectManager {
    const { entryObject, objectKind } = this.population;
    return this.others.get(objectKind[entryObject[entry]]) ?? this.objects;
  }
}
