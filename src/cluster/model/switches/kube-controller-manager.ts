import { choice } from './switch.js';

/** What changed in the controllers (`pkg/controller`). */
export const KUBE_CONTROLLER_MANAGER_SWITCHES = {
  ttlBoundaries: choice({
    of: 'server',
    says: 'The TTL controller’s table, from which nodes get the annotation that Cache goes by',
    values: {
      six: 'up to 600 s, above 10,000 nodes',
      five: 'up to 300 s, from 2,000 nodes on, without an upper end',
    },
    by: [
      ['1.20', 'six'],
      ['1.25', 'five'],
    ],
    effect: 'Cache above 10,000 nodes: the last pod up to 300 s sooner, twice the GETs.',
    source: 'ttl_controller.go ttlBoundaries, PR 109779',
  }),
} as const;
