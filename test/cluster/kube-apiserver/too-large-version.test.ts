import { expect } from 'chai';
import { STATUS } from '../../../src/cluster/kube-apiserver/requests.js';
import type { ModelInput } from '../../../src/cluster/model/model-input.js';
import type { TopologyFile } from '../../../src/cluster/model/topology-file.js';
import { VERB } from '../../../src/cluster/model/verbs.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change } from '../scenario.js';
import { type Answered, answersOf, byEntry, fromTheStart, observed } from '../model/switches/observed.js';
import { crash } from '../timeline-actions.js';

const NODES = 200;
/** Pods that read the same Secrets again, when their watches have long been idle. */
const AGAIN_S = 440;
const UPDATE_S = 5;
/** Median and 99th percentile of how long an event takes from etcd to a watch cache, s. */
const [P50_S, P99_S] = [300, 1900];

/** Share of the events that take longer than `seconds`: a shifted exponential law. */
function laterThan(seconds: number): number {
  const mean = (P99_S - P50_S) / Math.log(50);
  return Math.exp(-(seconds - P50_S + mean * Math.LN2) / mean);
}

/**
 * Nodes with a pod that reads a Secret for its environment, and later another pod that does. In between the Secret
 * changes, the watch is stopped as idle, and one of two servers crashes. Events take minutes to a watch cache, so that
 * the other server is behind what some of the crashed one's kubelets know.
 */
function lagging(release: string): ModelInput {
  const nodes = Array.from({ length: NODES }, (_, node) => ({ name: `n${node}` }));
  const pod = (node: number) => ({ namespace: 'd', node, uses: [{ object: node, as: 'env' as const }] });
  const file: TopologyFile = {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes,
    objects: nodes.map((_, node) => ({ namespace: 'd', name: `s${node}`, kind: 'Secret', size: 1 })),
    pods: nodes.flatMap(({ name }, node) => [
      { ...pod(node), name },
      { ...pod(node), name: `${name}-again`, startsAfterSeconds: AGAIN_S },
    ]),
  };
  const input = fromTheStart({
    release,
    start: 'cold',
    apiServers: 2,
    duration: 520,
    timeline: [...nodes.map((_, node) => change('update', `d/s${node}`, UPDATE_S)), crash(430, 1, 500)],
    apiServer: { capacity: 64, nodeAuthorizer: false, maxRequestsInflight: 10_000 },
  });
  return {
    ...input,
    etcd: { ...input.etcd, watch: { p50Us: P50_S * 1e6, p99Us: P99_S * 1e6 } },
    cluster: { type: 'imported', file },
  };
}

describe('a reflector that knows more than its server', () => {
  const late = (answers: readonly Answered[]): Answered[] => answers.filter(({ atS }) => atS > AGAIN_S);
  const refusedAnswers = (release: string): Answered[][] =>
    byEntry(late(answersOf(observed(lagging(release))))).filter(([first]) => first.status === STATUS.TOO_LARGE);

  it('is answered 504 after 3 s and asks again 1 s later, ten times, and then for the newest, which etcd tells', () => {
    // The kubelet was told before its watch was idle, after 5 to 6 min; the other server is not, 44 s after it was asked.
    const share = (1 - laterThan(330 - UPDATE_S)) * laterThan(AGAIN_S + 44 - UPDATE_S);
    // Half of the kubelets lost their server.
    const [mean, variance] = [(NODES / 2) * share, (NODES / 2) * share * (1 - share)];
    for (const release of ['1.24', '1.34']) {
      const refused = refusedAnswers(release).filter((answers) => answers.length > 11);
      expect(refused.length, release).to.be.closeTo(mean, 4 * Math.sqrt(variance));
      for (const answers of refused) {
        const lists = answers.slice(0, 12);
        const expected = [...new Array<number>(11).fill(STATUS.TOO_LARGE), STATUS.OK];
        expect(lists.map(({ status }) => status)).to.deep.equal(expected);
        expect(lists.every(({ verb }) => verb === VERB.LIST)).to.equal(true);
        expect(lists.map(({ quorum }) => quorum)).to.deep.equal(expected.map((status) => status === STATUS.OK));
        lists.slice(1, 11).forEach(({ atS }, i) => expect(atS - lists[i].atS).to.be.within(4, 4.01));
        expect(lists[11].atS - lists[10].atS).to.be.below(0.01);
      }
    }
  });

  it('asks with a WATCH that brings the initial state; that for the newest waits for the same event', () => {
    const refused = refusedAnswers('1.36').filter((answers) => answers.length > 3);
    expect(refused.length).to.be.above(5);
    for (const answers of refused) {
      const [first, ...others] = answers.slice(0, 4);
      expect([first.verb, first.quorum]).to.deep.equal([VERB.WATCH, false]);
      for (const [i, { verb, status, quorum, atS }] of others.entries()) {
        expect([verb, status, quorum]).to.deep.equal([VERB.WATCH, STATUS.TOO_LARGE, true]);
        expect(atS - answers[i].atS).to.be.within(3, 3.1);
      }
    }
  });

  it('goes on as soon as the event has come, within the 3 s for which its server waits', () => {
    const released = byEntry(late(answersOf(observed(lagging('1.34')))))
      .map((answers) => answers.filter(({ verb }) => verb === VERB.LIST))
      .filter((lists) => lists.length > 1 && lists.length < 12);
    expect(released.length).to.be.above(0);
    for (const lists of released) {
      const last = lists[lists.length - 1];
      expect([last.status, last.quorum]).to.deep.equal([STATUS.OK, false]);
      // 1 s until it is asked, and up to 3 s until the event comes.
      expect(last.atS - lists[lists.length - 2].atS).to.be.within(1, 4);
    }
  });

  it('is the same whether syncs without effect are events or not', () => {
    const input = lagging('1.34');
    expect(simulate(input, 1).fingerprint).to.equal(simulate(input, 1, { eager: true }).fingerprint);
  });
});
