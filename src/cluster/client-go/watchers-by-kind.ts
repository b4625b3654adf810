import type { Watchers } from '../kube-apiserver/callers.js';
import type { Requests } from '../kube-apiserver/requests.js';
import type { Population } from '../population/population.js';

/** Those who watch Secrets and ConfigMaps, and informers of other kinds, as one. */
export class WatchersByKind implements Watchers {
  readonly watching = true;
  private readonly all: readonly Watchers[];

  constructor(
    private readonly population: Population,
    private readonly requests: Requests,
    private readonly objects: Watchers,
    private readonly others: ReadonlyMap<number, Watchers>,
  ) {
    this.all = [objects, ...others.values()];
  }

  get opened(): number {
    return this.all.reduce((sum, { opened }) => sum + opened, 0);
  }

  get closed(): number {
    return this.all.reduce((sum, { closed }) => sum + closed, 0);
  }

  openNow(): number {
    return this.all.reduce((sum, watchers) => sum + watchers.openNow(), 0);
  }

  listed(request: number): number {
    return this.asking(request).listed(request);
  }

  isCurrent(request: number): boolean {
    return this.asking(request).isCurrent(request);
  }

  asksForVersion(request: number): boolean {
    return this.asking(request).asksForVersion(request);
  }

  versionOf(entry: number): number {
    return this.of(entry).versionOf(entry);
  }

  neededBy(request: number): number {
    return this.asking(request).neededBy(request);
  }

  sentTo(entry: number): number {
    return this.of(entry).sentTo(entry);
  }

  watchesAt(entry: number, server: number): boolean {
    return this.of(entry).watchesAt(entry, server);
  }

  hasStreamAt(entry: number, server: number): boolean {
    return this.of(entry).hasStreamAt(entry, server);
  }

  namesakes(object: number, server: number): number {
    return this.ofKind(this.population.objectKind[object]).namesakes(object, server);
  }

  eachOn(stream: number, visit: (entry: number) => void): void {
    this.of(stream).eachOn(stream, visit);
  }

  written(kind: number, at: number): void {
    this.ofKind(kind).written(kind, at);
  }

  listServed(request: number, revision: number, version: number): void {
    this.asking(request).listServed(request, revision, version);
  }

  watchServed(entry: number, server: number, now: number): void {
    this.of(entry).watchServed(entry, server, now);
  }

  eventSent(entry: number, revision: number, committedAt: number): void {
    this.of(entry).eventSent(entry, revision, committedAt);
  }

  eventArrived(entry: number): void {
    this.of(entry).eventArrived(entry);
  }

  breakStreamOf(entry: number, delay: number): void {
    this.of(entry).breakStreamOf(entry, delay);
  }

  streamEnds(entry: number, delay: number, breaks: boolean): void {
    this.of(entry).streamEnds(entry, delay, breaks);
  }

  responded(request: number): void {
    this.asking(request).responded(request);
  }

  timer(entry: number, epoch: number): void {
    this.of(entry).timer(entry, epoch);
  }

  /** Those whose LIST or WATCH a request is. */
  private asking(request: number): Watchers {
    return this.of(this.requests.subject[request]);
  }

  private of(entry: number): Watchers {
    return this.ofKind(this.population.objectKind[this.population.entryObject[entry]]);
  }

  private ofKind(kind: number): Watchers {
    return this.others.get(kind) ?? this.objects;
  }
}
