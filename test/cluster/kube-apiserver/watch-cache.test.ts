import { expect } from 'chai';
import fc from 'fast-check';
import {
  DEFAULT_LOWER_BOUND_CAPACITY,
  EVENT_FRESH_DURATION_US,
  WatchCache,
} from '../../../src/cluster/kube-apiserver/watch-cache.js';

const S = 1e6;

/** A cache with an event at each of the times, which is also its version. */
function cacheWith(times: readonly number[]): WatchCache {
  const cache = new WatchCache();
  for (const time of times) cache.add(time, time);
  return cache;
}

const each = (count: number, everyS: number): number[] => Array.from({ length: count }, (_, i) => i * everyS * S);

describe('the watch cache of a resource', () => {
  it('holds 100 events at first, and doubles while its oldest is younger than 75 s', () => {
    expect(cacheWith(each(100, 0.1)).capacity).to.equal(DEFAULT_LOWER_BOUND_CAPACITY);
    expect(cacheWith(each(101, 0.1)).capacity).to.equal(200);
    expect(cacheWith(each(401, 0.1)).capacity).to.equal(800);
  });

  it('drops its oldest event instead where that is 75 s old', () => {
    const cache = cacheWith(each(101, 1));
    expect(cache.capacity).to.equal(100);
    expect(cache.size).to.equal(100);
  });

  it('halves when its last quarter is older than 75 s', () => {
    const cache = cacheWith(each(150, 0.1));
    expect(cache.capacity).to.equal(200);
    for (let i = 0; i < 51; i++) cache.add((100 + 2 * i) * S, (100 + 2 * i) * S);
    expect(cache.capacity, 'full of events of 100 s').to.equal(100);
  });

  it('answers 410 to a version that is older than its list, or than its oldest event once it has dropped some', () => {
    const cache = new WatchCache();
    expect(cache.isGone(-1e12), 'a server that has long been running').to.equal(false);
    cache.initialise(50 * S);
    expect(cache.isGone(49 * S)).to.equal(true);
    expect(cache.isGone(50 * S)).to.equal(false);
    for (let i = 0; i < 200; i++) cache.add((100 + i) * S, (100 + i) * S);
    expect(cache.isGone(199 * S)).to.equal(true);
    expect(cache.isGone(200 * S)).to.equal(false);
  });

  it('knows the resource up to its last event, or to its list', () => {
    expect(cacheWith([3 * S]).version).to.equal(3 * S);
    const cache = new WatchCache();
    cache.initialise(50 * S);
    expect(cache.version).to.equal(50 * S);
  });

  it('holds the newest events and no more than fit, in whatever rhythm they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 900 }), (gaps) => {
        const cache = new WatchCache();
        let now = 0;
        const times: number[] = [];
        for (const gap of gaps) {
          now += gap;
          times.push(now);
          cache.add(now, now);
          expect(cache.size).to.be.at.most(cache.capacity);
        }
        const kept = times.slice(-cache.size);
        expect(cache.isGone(kept[0])).to.equal(false);
        // Whatever a watcher has seen by its last bookmark, a minute ago, is still there.
        const minute = times.filter((time) => time >= now - EVENT_FRESH_DURATION_US);
        expect(kept.length).to.be.at.least(Math.min(minute.length, cache.capacity));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
