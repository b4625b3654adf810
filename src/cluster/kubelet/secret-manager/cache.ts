import { NO_WATCHERS } from '../../kube-apiserver/callers.js';
import { boundTerm } from '../../model/bound.js';
import { CacheLookahead } from '../lookahead/cache.js';
import { CacheManager } from './cache-manager.js';
import { CoupledCacheManager } from './coupled-cache-manager.js';
import type { BoundFacts, ChangeDetectionStrategy, StrategyBound } from './strategy.js';

/** A kubelet asks again when its copy is older than the node's TTL. */
export const cache: ChangeDetectionStrategy = {
  says: 'The kubelet asks again when its copy is older than the node TTL.',
  keeps: 'forTtl',
  syncsOnEvents: false,
  isolated: (parts) => {
    const manager = new CacheManager(parts);
    return {
      manager,
      lookahead: (lookahead) => new CacheLookahead(lookahead, manager),
    };
  },
  coupled: (parts, clients) => ({ manager: new CoupledCacheManager(parts, clients), watchers: NO_WATCHERS }),
  bound,
};

/**
 * A fetch that was answered just before the watch cache had the update keeps the old content for the TTL; where every
 * sync drops what is kept (1.22 to 1.28), the first one after the commit fetches.
 */
function bound({ input, limits, ...facts }: BoundFacts): StrategyBound {
  const { syncFrequencyUs, whatIf } = input.kubelet;
  const shortestTtlUs = whatIf.adaptiveTtl?.minUs ?? facts.shortestTtlUs;
  const readUs = Math.max(limits.cachedGet, limits.quorumGet);
  const oldUs =
    input.behaviours.cacheInvalidation === 'everySync'
      ? 0
      : lastOldReadUs(whatIf.adaptiveTtl?.maxUs ?? facts.longestTtlUs, readUs, facts);
  // An entry whose TTL is over before its answer has come is fetched for one reader after another.
  const inTurn = shortestTtlUs <= readUs ? Math.max(1, facts.readersPerEntry) : 1;
  const fetchedOnce = input.behaviours.cacheInvalidation !== 'everySync' && shortestTtlUs >= syncFrequencyUs;
  return {
    learns: [
      boundTerm('event from etcd to the watch cache', limits.etcdWatch, 'etcd.watch'),
      boundTerm('an answer with the old content on its way', oldUs > 0 ? limits.oneWay : 0, 'network.roundTrip'),
      boundTerm('old content kept for the TTL', oldUs, 'cache_based_manager.go; ttl_controller.go'),
    ],
    readUs: inTurn * readUs,
    requests: fetchedOnce
      ? { count: facts.entriesPerNode, withinUs: shortestTtlUs }
      : { count: facts.readsPerNode, withinUs: syncFrequencyUs },
    assumes: ['no GET fails', 'nodes keep their TTL'],
  };
}

/**
 * How long after a fetch a pod may still read what it brought, µs. Where others on its node read the object, it may come
 * at any time of the TTL. A pod that reads it alone has fetched it itself, and comes again only after a sync interval,
 * or several.
 */
function lastOldReadUs(
  ttlUs: number,
  readUs: number,
  { readers, shortestGapUs, longestGapUs }: Pick<BoundFacts, 'readers' | 'shortestGapUs' | 'longestGapUs'>,
): number {
  if (readers > 1) return ttlUs;
  const reads = Math.floor((ttlUs + readUs) / Math.max(1, shortestGapUs));
  return Math.min(ttlUs, reads * longestGapUs);
}
