import { expect } from 'chai';
import type { Latency } from '../../../src/cluster/model/model-input.js';
import { STATUS } from '../../../src/cluster/kube-apiserver/requests.js';
import { answersOf, byEntry, fromTheStart, observed } from '../model/switches/observed.js';
import { objectClass } from '../scenario.js';

const PODS = 400;

/** The status of each reflector's requests at a cold start, where the authorizer is that late; µs, ascending. */
function statuses(measuredUs: readonly number[]): number[][] {
  const lag: Latency = { p50Us: measuredUs[0], p99Us: measuredUs[measuredUs.length - 1], measuredUs };
  const input = fromTheStart({
    release: '1.36',
    start: 'cold',
    nodes: PODS / 4,
    podsPerNode: 4,
    duration: 20,
    classes: [objectClass('own', { scope: 'pod' })],
    apiServer: { capacity: 256, nodeAuthorizer: true },
  });
  const late = { ...input, apiServer: { ...input.apiServer, authorizerLag: lag } };
  return byEntry(answersOf(observed(late))).map((answers) => answers.map(({ status }) => status));
}

const refusals = (each: readonly number[]): number => each.filter((status) => status === STATUS.FORBIDDEN).length;

describe('a node authorizer that is late by a measured law', () => {
  it('refuses nothing where it knows every pod before its kubelet asks', () => {
    expect(statuses([0]).every((each) => refusals(each) === 0)).to.equal(true);
  });

  it('refuses the first request of each, and not the LIST behind it, where it is that late', () => {
    // Before the LIST, there and back through the network.
    const found = statuses([1]);
    expect(found).to.have.lengthOf(PODS);
    expect(found.every((each) => each[0] === STATUS.FORBIDDEN && refusals(each) === 1)).to.equal(true);
  });

  it('refuses the LIST, too, where it is later, but nothing after the back-off', () => {
    expect(statuses([500e3]).every((each) => refusals(each) === 2)).to.equal(true);
  });

  it('refuses the share that the law says', () => {
    const first = statuses([0, 0, 0, 0, 1, 1]).filter((each) => refusals(each) > 0).length;
    // Between two values the law is uniform, and half of a microsecond is one: at 3.5 of 5 steps it begins.
    expect(first / PODS).to.be.closeTo(0.3, 4 * Math.sqrt((0.3 * 0.7) / PODS));
  });
});
