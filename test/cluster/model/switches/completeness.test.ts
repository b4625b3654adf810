import { expect } from 'chai';
import { DEFAULTS_BY_COMPONENT, SWITCHES_BY_COMPONENT } from '../../../../src/cluster/model/switches/switches.js';
import { CLIENT_GO_PROBES } from './client-go.js';
import { ETCD_PROBES } from './etcd.js';
import { FLOW_CONTROL_PROBES } from './flow-control.js';
import { KUBE_APISERVER_PROBES } from './kube-apiserver.js';
import { KUBE_CONTROLLER_MANAGER_PROBES } from './kube-controller-manager.js';
import { KUBELET_PROBES } from './kubelet.js';
import { allChanges, tells } from './probe.js';

const PROBES = {
  etcd: ETCD_PROBES,
  kubelet: KUBELET_PROBES,
  'client-go': CLIENT_GO_PROBES,
  'kube-apiserver': [...KUBE_APISERVER_PROBES, ...FLOW_CONTROL_PROBES],
  'kube-controller-manager': KUBE_CONTROLLER_MANAGER_PROBES,
} as const;

/** In which releases the sources have the changes: read in their tags, not in the table of switches. */
const BY_RELEASE = {
  '1.21': ['efficientWatchResumption', 'idleStop', 'serviceAccountMaterial'],
  '1.22': ['cacheInvalidation', 'nodeHighLevel', 'watchLost', 'watchRejected', 'watchSeats'],
  '1.23': ['certificateReload', 'listSeatsByObjects'],
  '1.24': ['writeSeatsByWatchers'],
  '1.25': ['http2MaxStreams', 'ttlBoundaries', 'watchProgressNotifyInterval'],
  '1.26': ['borrowing'],
  '1.27': ['kubeAPIBurst', 'kubeAPIQPS', 'pendingUpdate'],
  '1.28': ['reflectorBackOff', 'retryAfter'],
  '1.29': ['cacheInvalidation', 'encryptionConfigPoll'],
  '1.31': ['cacheNotReady', 'minWatchTimeout', 'progressOnDemand', 'watchInit'],
  '1.33': ['unreadyRetryAfter'],
  '1.34': ['listSeatsBySize', 'sizeEstimates'],
  '1.35': ['initialSync'],
  '1.36': ['plegOnDemandRelist', 'readyWaitsForCaches', 'reflectorBackOff'],
  '1.37': ['concurrentDecode', 'etcdRangeStream'],
};

describe('every change between two releases', () => {
  const all = Object.values(PROBES).flat();

  it('comes in the release in which the sources have it', () => {
    const byRelease = new Map<string, string[]>();
    for (const { of, release } of allChanges()) byRelease.set(release, [...(byRelease.get(release) ?? []), of].sort());
    expect(Object.fromEntries(byRelease)).to.deep.equal(BY_RELEASE);
  });

  it('is told by a probe through a run', () => {
    const untold = allChanges().filter((change) => !all.some((probe) => tells(probe, change)));
    expect(untold.map(({ of, release }) => `${of} at ${release}`)).to.deep.equal([]);
  });

  it('is probed where its switch stands', () => {
    for (const [component, probes] of Object.entries(PROBES)) {
      const tables: Readonly<Record<string, object>>[] = [SWITCHES_BY_COMPONENT, DEFAULTS_BY_COMPONENT];
      const names = tables.flatMap((table) => Object.keys(table[component] ?? {}));
      for (const { of } of probes) expect(names, component).to.include(of);
    }
  });
});
