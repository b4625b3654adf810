import { expect } from 'chai';
import { simulate } from '../../../src/cluster/run/simulate.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import type { TopologyFile, TopologyPod } from '../../../src/cluster/model/topology-file.js';
import { change, inputOf } from '../scenario.js';
import { drain, nodes, replace } from '../timeline-actions.js';

const pod = (name: string, node: number, workload?: string, uses: TopologyPod['uses'] = USES): TopologyPod => ({
  namespace: 'shop',
  name,
  node,
  ...(workload === undefined ? {} : { workload, ownerKind: 'Deployment' }),
  uses,
});
const USES: TopologyPod['uses'] = [
  { object: 0, as: 'volume', volume: 0 },
  { object: 0, as: 'env' },
];

const run = (pods: readonly TopologyPod[], timeline: readonly TimelineAction[]): RunRecord => {
  const file: TopologyFile = {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes: ['a', 'b', 'c'].map((name) => ({ name })),
    objects: [{ namespace: 'shop', name: 'tls', kind: 'Secret', size: 4000 }],
    pods,
  };
  return simulate({ ...inputOf({ timeline, duration: 900 }), cluster: { type: 'imported', file } }, 1);
};

const WEB = [pod('web-0', 0, 'shop/web'), pod('web-1', 1, 'shop/web'), pod('web-2', 2, 'shop/web')];

describe('a pod that no controller owns', () => {
  it('runs on with the old object of a replacement by a new name, and is not waited for', () => {
    const { metrics, updates, warnings, never } = run([...WEB, pod('debug', 1)], [replace(10, 'shop/tls')]);
    expect(metrics).to.include({ due: 8, replaced: 6, projections: 0, never_projected: 2, pending_at_end: 0, gone: 0 });
    expect(updates[0]).to.include({ neverLone: 2, neverEnv: 0 });
    expect(never).to.include({ lone: 2, env: 0 });
    expect(metrics.last_pod_max_s).to.be.within(0, 300);
    // From the commit to the end of the measured time, 890 s later, it shows the old content.
    const others = run(WEB, [replace(10, 'shop/tls')]).metrics.stale_pod_seconds ?? 0;
    expect((metrics.stale_pod_seconds ?? 0) - others).to.be.within(2 * 885, 2 * 890);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('no controller owns').and.to.contain('never_lone_pod');
  });

  it('counts as gone where its node leaves', () => {
    const { metrics, updates } = run([pod('debug', 1)], [replace(10, 'shop/tls'), nodes(100, 'removeNodes', 3)]);
    expect(metrics).to.include({ due: 2, gone: 2, never_projected: 0, pending_at_end: 0 });
    expect(updates[0]).to.not.have.property('neverLone');
  });

  it('sees an update in place, and is told nothing of', () => {
    const { metrics, warnings } = run([pod('debug', 1)], [change('update', 'shop/tls', 10)]);
    expect(metrics).to.include({ due: 2, projections: 1, never_projected: 1 });
    expect(warnings).to.deep.equal([]);
  });

  it('stays on a node that is drained, of which one is told with its name and place', () => {
    const pods = [...WEB, pod('debug', 1), pod('shell', 2), pod('mirror', 2, undefined, [])];
    expect(run(pods, [drain(10, { count: 2 })]).warnings.join()).to.match(
      /^drained nodes keep (?:1 pod|2 pods) that no controller owns \(shop\/(?:debug on b|shell on c)/,
    );
    const all = run(pods, [drain(10, { count: 1 }), drain(300, { count: 2 })]).warnings;
    expect(all).to.have.length(1);
    expect(all[0]).to.contain('keep 2 pods').and.to.contain('(shop/debug on b, shop/shell on c)');
    expect(all[0]).to.contain('--force');
    expect(run(WEB, [drain(10, { count: 2 })]).warnings).to.deep.equal([]);
  });
});
