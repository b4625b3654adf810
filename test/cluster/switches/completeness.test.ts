import { expect } from 'chai';
import { SWITCHES_BY_COMPONENT } from '../../../src/cluster/switches/switches.js';
import { KUBELET_DEFAULTS } from '../../../src/cluster/switches/kubelet.js';
import { CLIENT_GO_PROBES } from './client-go.js';
import { FLOW_CONTROL_PROBES } from './flow-control.js';
import { KUBE_APISERVER_PROBES } from './kube-apiserver.js';
import { KUBE_CONTROLLER_MANAGER_PROBES } from './kube-controller-manager.js';
import { KUBELET_PROBES } from './kubelet.js';
import { allChanges, tells } from './probe.js';

const PROBES = {
  kubelet: KUBELET_PROBES,
  'client-go': CLIENT_GO_PROBES,
  'kube-apiserver': [...KUBE_APISERVER_PROBES, ...FLOW_CONTROL_PROBES],
  'kube-controller-manager': KUBE_CONTROLLER_MANAGER_PROBES,
} as const;

describe('every change between two releases', () => {
  const all = Object.values(PROBES).flat();

  it('is told by a probe through a run', () => {
    const untold = allChanges().filter((change) => !all.some((probe) => tells(probe, change)));
    expect(untold.map(({ of, release }) => `${of} at ${release}`)).to.deep.equal([]);
  });

  it('is probed where its switch stands', () => {
    for (const [component, probes] of Object.entries(PROBES)) {
      const switches: object = SWITCHES_BY_COMPONENT[component as keyof typeof PROBES];
      const names = Object.keys(component === 'kubelet' ? { ...switches, ...KUBELET_DEFAULTS } : switches);
      for (const { of } of probes) expect(names, component).to.include(of);
    }
  });
});
