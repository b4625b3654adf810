import { expect } from 'chai';
import type { OperatorsInput } from '../../../src/cluster/model/operators-input.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass } from '../scenario.js';
import { operators, restart, store } from './operators.js';

const RENEWED_S = 60;
const NAMESPACES = 40;
/** Each write of a server takes exactly this, and so does each request of cert-manager. */
const WRITE_S = 0.02;
const CALL_S = 0.001;

const certManager = { objects: 'ca-root', qps: 1e6, burst: 1e6, concurrent: 5 };
const trustManager = { objects: 'ca-bundle', source: 'ca-root' };
/** The certificate of an authority is renewed, and its copies with it. */
const renew = (at: number): readonly TimelineAction[] => [
  change('rotateAtSource', 'ca-root', at),
  change('rotateAtSource', 'ca-bundle', at, { kind: 'ConfigMap', follows: 0 }),
];

/** The Secret of an authority, which nobody mounts, and its copy in each of forty namespaces, which every pod does. */
function run(options: Partial<OperatorsInput>, timeline = renew(RENEWED_S)): RunRecord {
  const write = { p50Us: WRITE_S * 1e6, p99Us: WRITE_S * 1e6 };
  const input = inputOf({
    pure: true,
    nodes: 20,
    podsPerNode: 4,
    replicas: 2,
    namespaces: NAMESPACES,
    duration: 1800,
    apiServer: { write },
    classes: [
      objectClass('ca-root', { podFraction: 0.1, as: 'env' }),
      objectClass('ca-bundle', { kind: 'ConfigMap', scope: 'namespace' }),
    ],
    timeline,
    operators: operators({ store: store({ latency: { p50Us: CALL_S * 1e6, p99Us: CALL_S * 1e6 } }), ...options }),
  });
  return simulate(input, 1);
}

/** When each object of a class was committed, ascending, seconds. */
function commits({ updates }: RunRecord, name: string): number[] {
  return updates
    .filter(({ objectClass: own }) => own === name)
    .map(({ committedAtS }) => committedAtS)
    .sort((a, b) => a - b);
}

describe('a bundle that trust-manager makes from the Secret of a Certificate', () => {
  it('is written namespace by namespace once cert-manager has written the Secret', () => {
    const record = run({ certManager, trustManager });
    const [issued] = commits(record, 'ca-root');
    // Six requests of its own, the issuer, and the write.
    expect(issued).to.be.closeTo(RENEWED_S + 7 * WRITE_S + CALL_S, 5e-3);
    const copied = commits(record, 'ca-bundle');
    expect(copied).to.have.length(NAMESPACES);
    copied.forEach((at, i) => expect(at - issued).to.be.closeTo((i + 1) * WRITE_S, 1e-3));
    expect(record.metrics.source_delay_max_s, 'counts from the renewal').to.be.closeTo(
      Math.max(...copied) - RENEWED_S,
      1e-6,
    );
    expect(record.metrics.pending_at_end).to.equal(0);
  });

  it('stays as it is where it is made from something else', () => {
    const record = run({ certManager, trustManager: { objects: 'ca-bundle' } }, renew(RENEWED_S).slice(0, 1));
    expect(commits(record, 'ca-root')).to.have.length(1);
    expect(commits(record, 'ca-bundle')).to.deep.equal([]);
  });

  it('waits for the Secret, however long its issuer is away', () => {
    const away: TimelineAction = {
      action: 'sourceOutage',
      lastsUs: 300e6,
      ...{ firstUs: RENEWED_S * 1e6, everyUs: null, untilUs: Infinity, jitterUs: 0 },
    };
    const record = run({ certManager, trustManager }, [...renew(RENEWED_S), away]);
    const [issued] = commits(record, 'ca-root');
    expect(issued).to.be.greaterThan(RENEWED_S + 300);
    expect(commits(record, 'ca-bundle')[0]).to.be.closeTo(issued + WRITE_S, 1e-3);
  });

  it('is written when trust-manager comes back, where the Secret has changed while it was away', () => {
    const [ends, lasts] = [RENEWED_S + 0.5, 100];
    const copied = commits(
      run({ certManager, trustManager }, [...renew(RENEWED_S), restart(ends, lasts)]),
      'ca-bundle',
    );
    // Some are copied before it ends, with the one that is under way; the rest follows, and nothing twice.
    expect(copied).to.have.length(NAMESPACES);
    const before = copied.filter((at) => at < ends + WRITE_S).length;
    expect(before).to.be.within(10, 20);
    expect(copied[before]).to.be.closeTo(ends + lasts + WRITE_S, 1e-3);
    const early = run({ trustManager }, [...renew(RENEWED_S), restart(RENEWED_S - 10, 100)]);
    expect(commits(early, 'ca-bundle')[0]).to.be.closeTo(RENEWED_S + 90 + WRITE_S, 1e-3);
  });

  it('follows a Secret that somebody writes by hand, and each of its changes', () => {
    const twice = { everyUs: 300e6, untilUs: 400e6 };
    const timeline = [
      change('update', 'ca-root', RENEWED_S, twice),
      change('rotateAtSource', 'ca-bundle', RENEWED_S, { kind: 'ConfigMap', follows: 0, ...twice }),
    ];
    const record = run({ trustManager }, timeline);
    const copied = commits(record, 'ca-bundle');
    expect(copied).to.have.length(2 * NAMESPACES);
    expect(copied[NAMESPACES]).to.be.closeTo(RENEWED_S + 300 + 2 * WRITE_S, 1e-3);
  });

  it('happens when the renewal does, whatever the jitter', () => {
    const jitter = { everyUs: 120e6, untilUs: 900e6, jitterUs: 100e6 };
    const timeline = renew(0).map((entry) => ({ ...entry, ...jitter }));
    const record = run({ trustManager }, timeline);
    const [changed, copied] = [commits(record, 'ca-root'), commits(record, 'ca-bundle')];
    expect(copied).to.have.length(changed.length * NAMESPACES);
    changed.forEach((at, i) => expect(copied[i * NAMESPACES] - at).to.be.closeTo(WRITE_S, 1e-3));
  });
});
