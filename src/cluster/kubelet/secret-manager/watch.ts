import { boundTerm } from '../../model/bound.js';
import { CoupledWatchManager } from './coupled-watch-manager.js';
import { IsolatedWatchManager } from './isolated-watch-manager.js';
import type { ChangeDetectionStrategy } from './strategy.js';

/** The API server tells a kubelet of each change. */
export const watch: ChangeDetectionStrategy = {
  says: 'The API server tells the kubelet of each change; the next sync of the pod writes it. The default.',
  keeps: 'copy',
  syncsOnEvents: false,
  isolated: (parts) => ({ manager: new IsolatedWatchManager(parts), lookahead: () => null }),
  coupled: (parts, clients) => {
    const manager = new CoupledWatchManager(parts, clients);
    return { manager, watchers: manager.reflectors };
  },
  bound: ({ limits }) => ({
    learns: [
      boundTerm('event from etcd to the watch cache', limits.etcdWatch, 'etcd.watch'),
      boundTerm('event from the watch cache to the kubelet', limits.dispatch + limits.oneWay, 'apiServer.dispatch'),
      // The event of a write that comes while a watch has just ended is sent over the next one.
      boundTerm('a watch that is just being opened anew', limits.watch, 'apiServer.watch; reflector.go'),
    ],
    readUs: 0,
    requests: null,
    assumes: ['no watch breaks'],
  }),
};
