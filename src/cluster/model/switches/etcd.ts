import { quantity } from './switch.js';

/** Flags of etcd as kubeadm sets them, which changed. */
export const ETCD_DEFAULTS = {
  watchProgressNotifyInterval: quantity({
    of: 'server',
    says: 'How often etcd tells API servers how far it is where nothing is written of a resource',
    unit: 's',
    min: 0.1,
    max: 86_400,
    by: [
      ['1.20', 600],
      ['1.25', 5],
    ],
    effect:
      'After API servers have restarted, watches of what nobody writes go on; before, they are answered 410 and begin anew unless etcd happens to have told of its progress since the last write.',
    source:
      'kubeadm phases/etcd/local.go: --watch-progress-notify-interval (before etcd 3.6 --experimental-…); without it v3rpc/watch.go progressReportInterval',
  }),
} as const;
