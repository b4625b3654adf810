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
};
