import { expect } from 'chai';
import type { ObjectKind } from '../../../src/cluster/model/kinds.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { inputOf, objectClass } from '../scenario.js';
import { once } from '../timeline-actions.js';

const COSTS = inputOf({}).apiServer.costs;
const NODES = 300;
/** From a crash until requests are served and the caches begin to fill: down, listening, start-up work, s. */
const SERVES_S = 1 + 0.1 + 2.6 + 0.9;

/**
 * Of three servers the first crashes, and then for `fillS` seconds fills its cache of a kind of objects; `afterS` after
 * it begins to serve the second one crashes. Returns the longest that a watch of the second one took to come back, s.
 */
function lastBack(
  release: string,
  kind: ObjectKind,
  fillS: number,
  afterS: number,
  loadBalancer: 'readyz' | 'tcp' = 'readyz',
): number {
  const staggerUs = (SERVES_S + afterS) * 1e6;
  const record = simulate(
    inputOf({
      release,
      nodes: NODES,
      apiServers: 3,
      duration: 400,
      classes: [objectClass('own', { scope: 'pod', kind })],
      timeline: [once(60, { action: 'restartApiServer', servers: 2, staggerUs, downtimeUs: 1e6, mode: 'crash' })],
      behaviours: { concurrentDecode: false, etcdRangeStream: false },
      apiServer: {
        capacity: 64,
        nodeAuthorizer: false,
        loadBalancer,
        costs: { ...COSTS, nodeBackground: 0, cacheFillPerObject: (fillS / NODES) * 1e9 },
      },
    }),
    1,
  );
  return record.storms[1].backAfter100S ?? Infinity;
}

/** Clients notice the crash within a second, and connect to a server whose caches are full. */
const FULL_S = 2;
/** Or half of them to one that fills its cache for at least that much longer. */
const FILLING_S = 5;

/** Releases before and after the two in which a cache that is not ready is met otherwise, and readiness waits for it. */
const BEFORE = ['1.20', '1.30', '1.31', '1.35'];
const SINCE = ['1.36', '1.37'];

describe('a load balancer in front of several API servers', () => {
  for (const release of [...BEFORE, ...SINCE]) {
    it(`sends no client to a server of ${release} that fills its Secrets, however long that takes`, () => {
      expect(lastBack(release, 'Secret', 40, 20)).to.be.below(FULL_S);
      expect(lastBack(release, 'Secret', 100, 70)).to.be.below(FULL_S);
    });

    it(`sends clients to a server of ${release} that fills its Secrets, if it only looks whether it can connect`, () => {
      expect(lastBack(release, 'Secret', 40, 20, 'tcp')).to.be.above(FILLING_S);
    });

    it(`sends clients to a server of ${release} whose Secrets are full`, () => {
      // Nobody would be connected to the first server otherwise: the second one's clients would all go to the third.
      const { load } = simulate(
        inputOf({
          release,
          nodes: NODES,
          apiServers: 3,
          duration: 300,
          classes: [objectClass('own', { scope: 'pod' })],
          timeline: [
            once(60, { action: 'restartApiServer', servers: 2, staggerUs: 40e6, downtimeUs: 1e6, mode: 'crash' }),
          ],
          apiServer: { capacity: 64, nodeAuthorizer: false },
        }),
        1,
      );
      const open = load.columns.indexOf('watches_open');
      expect(load.values[(load.bins - 1) * load.columns.length + open]).to.be.within(30, 120);
    });
  }

  for (const release of BEFORE) {
    it(`sends half the clients to a server of ${release} that fills its ConfigMaps: nothing waits for these`, () => {
      expect(lastBack(release, 'ConfigMap', 40, 20)).to.be.above(FILLING_S);
    });
  }

  for (const release of SINCE) {
    it(`sends no client to a server of ${release} that fills its ConfigMaps, for a minute`, () => {
      expect(lastBack(release, 'ConfigMap', 40, 20)).to.be.below(FULL_S);
      expect(lastBack(release, 'ConfigMap', 100, 58)).to.be.below(FULL_S);
    });

    it(`sends clients to a server of ${release} that has filled its ConfigMaps for more than a minute`, () => {
      expect(lastBack(release, 'ConfigMap', 100, 62)).to.be.above(FILLING_S);
    });
  }
});

describe('a LIST that finds a watch cache unready, up to 1.30', () => {
  it('is answered by etcd, and counted as such; its version is good for a WATCH when the cache is full', () => {
    const record = simulate(
      inputOf({
        release: '1.30',
        nodes: NODES,
        apiServers: 1,
        duration: 100,
        classes: [objectClass('own', { scope: 'pod' })],
        // Kubelets are back at 17 s, while the cache is filled from 15.6 s on: they have no version.
        timeline: [
          once(11, { action: 'restartApiServer', servers: 1, staggerUs: 0, downtimeUs: 1e6, mode: 'crash' }),
          once(12, { action: 'restartKubelet', nodes: 1 }),
        ],
        apiServer: {
          capacity: 64,
          nodeAuthorizer: false,
          costs: { ...COSTS, nodeBackground: 0, cacheFillPerObject: (40 / NODES) * 1e9 },
        },
      }),
      1,
    );
    expect(record.metrics).to.include({
      quorum_reads_per_s: NODES / 100,
      list_per_s: NODES / 100,
      gone_410: 0,
      watches_open_max: NODES,
    });
  });
});
