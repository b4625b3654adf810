import { change, objectClass } from '../../scenario.js';
import { roll } from '../../timeline-actions.js';
import { measured } from './observed.js';
import type { Probe } from './probe.js';

export const ETCD_PROBES: readonly Probe[] = [
  {
    of: 'watchProgressNotifyInterval',
    measures:
      'watches of 200 answered 410 whose server was told to end and began anew, 3 min after the write of a ConfigMap',
    scenario: {
      nodes: 100,
      apiServers: 1,
      duration: 400,
      classes: [objectClass('own', { scope: 'node' }), objectClass('config', { kind: 'ConfigMap' })],
      timeline: [change('update', 'config', 30), roll(210, 0)],
      apiServer: { nodeAuthorizer: false },
    },
    read: (scenario) => measured(scenario, 'gone_410'),
    laws: {
      600: { says: 'those of Secrets: nobody has told their watch cache of the write', from: 90, to: 200 },
      5: { says: 'few: bookmarks have told the others of it', from: 0, to: 20 },
    },
  },
];
