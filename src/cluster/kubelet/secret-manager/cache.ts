import { NO_WATCHERS } from '../../kube-apiserver/callers.js';
import { CacheLookahead } from '../lookahead/cache.js';
import { CacheManager } from './cache-manager.js';
import { CoupledCacheManager } from './coupled-cache-manager.js';
import type { ChangeDetectionStrategy } from './strategy.js';

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
};
