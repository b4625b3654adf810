import { choice, flag } from './switch.js';

/** What changed in the kubelets’ clients (`client-go`). */
export const CLIENT_GO_SWITCHES = {
  initialSync: choice({
    of: 'both',
    says: 'First read of a reflector',
    values: {
      list: 'LIST at resourceVersion 0, then WATCH',
      watchList: 'one WATCH that streams the state as etcd has it, then goes on',
    },
    by: [
      ['1.20', 'list'],
      ['1.35', 'watchList'],
    ],
    effect:
      'Watch: one request instead of two for a new watch, none of them through the kubelet’s limiter; new pods do not start with an old copy of a server that is behind.',
    source: 'KEP-3157: gates WatchListClient (kubelet ≥1.35, PR 134180) and WatchList (server 1.32, ≥1.34)',
  }),
  reflectorBackOff: choice({
    of: 'kubelet',
    says: 'How long a reflector waits after errors, 0.8 … 30 s, doubled, × U[1, 2)',
    values: {
      two: 'one sequence before a LIST and another before a WATCH, begun anew where an error comes 2 min after the last',
      shared: 'one sequence for both, begun anew where an error comes 2 min after the last',
      restarting: 'one sequence for both, begun anew every 2 min, also while errors go on',
    },
    by: [
      ['1.20', 'two'],
      ['1.28', 'shared'],
      ['1.36', 'restarting'],
    ],
    effect:
      'Watch, outages: from 1.28 on watches are back up to a minute later where their version is too old (410), for the LIST waits as long as the next WATCH would; from 1.36 on twice the tries in outages of more than 2 min, and half that wait.',
    source: 'client-go reflector.go NewReflector; commit bae10246d (1.28); PR 136824 (1.36)',
  }),
  watchRejected: choice({
    of: 'kubelet',
    says: 'After a WATCH that is answered 429',
    values: { relist: 'LIST after a back-off', rewatch: 'the same WATCH again, after Retry-After' },
    by: [
      ['1.20', 'relist'],
      ['1.22', 'rewatch'],
    ],
    effect: 'Watch, restarts: fewer LISTs while a server rejects.',
    source: 'client-go reflector.go isWatchErrorRetriable (03ebb2739), rest/with_retry.go',
  }),
  watchLost: choice({
    of: 'kubelet',
    says: 'A WATCH whose connection breaks before it is answered',
    values: {
      emptyWatch: 'counts as a watch that ended at once: back-off, then LIST',
      retry: 'is sent again after 1 s, up to ten times',
    },
    by: [
      ['1.20', 'emptyWatch'],
      ['1.22', 'retry'],
    ],
    effect: 'Watch, crashes: no LIST for watches that were being opened.',
    source: 'client-go rest/request.go Watch, rest/with_retry.go',
  }),
  streamsBlock: flag({
    of: 'kubelet',
    says: 'A request that finds no free stream',
    on: 'waits for one, as in clients built with Go <1.12',
    off: 'opens another connection',
    by: [['1.20', false]],
    effect: 'A what-if of no release here: nodes with more objects than streams start pods late or never.',
    source: 'issue 74412',
  }),
} as const;
