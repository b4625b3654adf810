import { expect } from 'chai';
import { FLOW } from '../../../src/cluster/kube-apiserver/flow-control/request-table.js';
import { REQUEST, ROW, SEATS, STATUS } from '../../../src/cluster/kube-apiserver/requests.js';
import { REFLECTOR } from '../../../src/cluster/client-go/reflector.js';
import { POD_PHASE } from '../../../src/cluster/kubelet/pod-table.js';
import { EVENT } from '../../../src/cluster/model/events.js';
import { KIND, MODE } from '../../../src/cluster/model/kinds.js';
import { VERB } from '../../../src/cluster/model/verbs.js';

const upwards = (codes: object): unknown[] => Object.keys(codes).map((_, index) => index);

describe('codes', () => {
  it('of events stand in the order in which events of one instant go', () => {
    expect(Object.values(EVENT)).to.deep.equal(upwards(EVENT));
  });

  it('count up from 0, so that each is told from the others', () => {
    for (const codes of [FLOW, REQUEST, SEATS, STATUS, REFLECTOR, POD_PHASE, KIND, MODE, VERB]) {
      expect(Object.values(codes)).to.deep.equal(upwards(codes));
    }
  });

  it('of rows that are no requests with a verb go on where those of verbs end', () => {
    const rows = { ...VERB, ...ROW };
    expect(Object.values(rows)).to.deep.equal(upwards(rows));
  });
});
