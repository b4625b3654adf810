import { expect } from 'chai';
import { range } from 'd3-array';
import type { Strategy } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import { boundsIn } from '../../../src/cluster/kubelet/update-bound.js';
import { type Bound, noBound, notInPlace, widestBound } from '../../../src/cluster/model/bound.js';
import type { ModelInput } from '../../../src/cluster/model/model-input.js';
import { buildPopulation, simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { crash, once } from '../timeline-actions.js';

/** The bound of an update of the class `shared` at 100 s. */
function boundOf(scenario: Scenario): Bound {
  const input = inputOf(scenario);
  const population = buildPopulation(input);
  return boundsIn(input, population).of(population.objectsOf('shared', null)[0], 100e6);
}

const secondsOf = (scenario: Scenario): number => boundOf(scenario).seconds ?? NaN;

/** A GET that etcd answers and that takes always the same, s. */
const GET_S = 0.012;

/** The bound of an update of a Secret that one pod mounts in a volume with so many sources. */
function volumeBound(strategy: Strategy, sources: number): number {
  const objects = range(sources).map((index) => ({
    namespace: 'default',
    name: `source-${index}`,
    kind: 'Secret' as const,
    size: 100,
  }));
  const uses = objects.map((_, object) => ({ object, as: 'projected' as const, volume: 0 }));
  const input: ModelInput = {
    ...inputOf({ strategy, apiServer: { getQuorum: { p50Us: GET_S * 1e6, p99Us: GET_S * 1e6 } } }),
    network: { roundTrip: { p50Us: 0, p99Us: 0 }, connectionLoss: { p50Us: 0, p99Us: 0 } },
    cluster: {
      type: 'imported',
      file: {
        apiVersion: 'secretsim/v1',
        kind: 'Topology',
        nodes: [{ name: 'node' }],
        objects,
        pods: [{ namespace: 'default', name: 'pod', node: 0, uses }],
      },
    },
  };
  return boundsIn(input, buildPopulation(input)).of(0, 0).seconds ?? NaN;
}

/** No latencies: what is left are clocks, loops and the time to write. */
const CLOCKS: Scenario = { pure: true, kubelet: { syncTickerPeriodUs: 1e6, syncPodDurationUs: 5000 } };

describe('the bound of an update', () => {
  it('is 1.5 × syncFrequency, the sync before and its tick, the volume loops and the event under Watch', () => {
    const { seconds, terms, reason } = boundOf({});
    expect(reason).to.equal('');
    expect(Object.fromEntries(terms.map((term) => [term.name, term.seconds]))).to.include({
      'longest sync interval': 90,
      'the sync before, and the tick': 1,
      'loops of the volume manager': 0.2,
      'writing the files': 0.001,
    });
    expect(seconds).to.be.closeTo(
      terms.reduce((sum, term) => sum + term.seconds, 0),
      1e-9,
    );
    expect(seconds).to.be.within(91.2, 91.4);
  });

  it('rounds intervals up to whole ticks, and adds one where annotations start syncs between them', () => {
    expect(secondsOf(CLOCKS)).to.equal(91);
    expect(secondsOf({ ...CLOCKS, timeline: [once(1, { action: 'annotatePods', fraction: 1 })] })).to.equal(91.004999);
    expect(secondsOf({ pure: true })).to.equal(89.999999);
  });

  it('has the TTL on top under Cache where the release keeps entries for it, and pods of a node share them', () => {
    const shared = { ...CLOCKS, strategy: 'Cache', ttl: 300, podsPerNode: 2 } as const;
    for (const [release, seconds] of [
      ['1.20', 391],
      ['1.22', 91],
      ['1.28', 91],
      ['1.29', 391],
      ['1.37', 391],
    ] as const)
      expect(secondsOf({ ...shared, release }), release).to.equal(seconds);
  });

  it('counts the TTL as far as its reader comes again, where an object has one on each node', () => {
    const alone = { ...CLOCKS, strategy: 'Cache', release: '1.37' } as const;
    expect(secondsOf({ ...alone, ttl: 60 })).to.equal(91);
    // After 62 s it may come again, at 91 s at the latest; after 122 s twice.
    expect(secondsOf({ ...alone, ttl: 100 })).to.equal(91 + 91);
    expect(secondsOf({ ...alone, ttl: 130 })).to.equal(130 + 91);
  });

  it('takes the TTL of the controller by the number of nodes and by release', () => {
    const cluster = { ...CLOCKS, strategy: 'Cache', nodes: 10_001, podsPerNode: 2 } as const;
    expect(secondsOf({ ...cluster, release: '1.20' })).to.equal(600 + 91);
    expect(secondsOf({ ...cluster, release: '1.37' })).to.equal(300 + 91);
    expect(secondsOf({ ...cluster, release: '1.37', nodes: 101 })).to.equal(15 + 91);
  });

  it('has a GET for each source of a volume under Get, and the client’s limit where a node asks for more at once', () => {
    const get = { strategy: 'Get', release: '1.20' } as const;
    const one = secondsOf(get);
    expect(volumeBound('Get', 3) - volumeBound('Get', 1)).to.be.closeTo(2 * GET_S, 1e-6);
    expect(volumeBound('Watch', 3)).to.equal(volumeBound('Watch', 1));
    // 30 at once: 10 leave, the others 5 a second.
    expect(secondsOf({ ...get, podsPerNode: 30 }) - one).to.be.closeTo(4, 1e-6);
  });

  it('waits for no sync where events start them', () => {
    const { whatIf } = inputOf({}).kubelet;
    expect(secondsOf({ kubelet: { whatIf: { ...whatIf, syncOnWatchEvent: true } } })).to.be.within(0.2, 0.4);
  });

  it('of several updates is the latest, or says why one has none: best of pods that see it in place', () => {
    const [short, long] = [30, 90].map((seconds) => ({ ...noBound(''), seconds }));
    const held = noBound('rollout in the timeline may hold pods up');
    expect(widestBound([short, long])).to.equal(long);
    expect(widestBound([short, held, long])).to.equal(held);
    expect(widestBound([notInPlace(), held])).to.equal(held);
    expect(widestBound([notInPlace()])).to.deep.equal(notInPlace());
    expect(widestBound([short, notInPlace(), long])?.reason).to.equal(
      'there is an update that no pod sees without a restart',
    );
    expect(widestBound([])).to.equal(null);
  });

  it('does not exist where something else may hold pods up, and says what', () => {
    const reasons: readonly (readonly [Scenario, RegExp])[] = [
      [{ classes: [objectClass('shared', { as: 'env' })] }, /no pod sees it without a restart/],
      [{ classes: [objectClass('shared', { as: 'subPath' })] }, /no pod sees it without a restart/],
      [{ apiServer: { capacity: 4 } }, /queue at API servers of 4 cores/],
      [{ start: 'cold' }, /starts cold/],
      [{ timeline: [crash(120)] }, /restartApiServer in the timeline/],
      [{ timeline: [change('recreate', 'shared', 120)] }, /recreate in the timeline/],
      [
        { strategy: 'Get', release: '1.20', podsPerNode: 300 },
        /ask for 300 objects at each sync.* 5 requests a second/,
      ],
    ];
    for (const [scenario, reason] of reasons) {
      const bound = boundOf(scenario);
      expect(bound, String(reason)).to.deep.include({ seconds: null, terms: [] });
      expect(bound.reason).to.match(reason);
    }
  });

  it('is not touched by what the timeline does to other objects, or when it is over', () => {
    const classes = [objectClass('shared'), objectClass('other')];
    expect(secondsOf({ classes, timeline: [change('delete', 'other', 50)] })).to.equal(secondsOf({ classes }));
    expect(secondsOf({ classes, timeline: [change('delete', 'shared', 200)] })).to.equal(secondsOf({ classes }));
  });

  it('holds for updates that overtake each other', () => {
    for (const strategy of ['Watch', 'Cache', 'Get'] as const) {
      const { updates, metrics } = simulate(
        inputOf({
          strategy,
          nodes: 100,
          podsPerNode: 3,
          ttl: 15,
          duration: 2000,
          timeline: [change('update', 'shared', 0, { everyUs: 20e6, jitterUs: 20e6 })],
        }),
        1,
      );
      expect(updates, strategy).to.have.lengthOf.above(95);
      for (const { timeTo100S, boundS } of updates) expect(timeTo100S, strategy).to.be.at.most(boundS ?? NaN);
      expect(metrics.last_pod_bound_s).to.equal(updates[0].boundS);
    }
  });
});

describe('the bound beside the Secrets Store CSI driver', () => {
  const secretsStore = { rotates: true, republishes: true, pollUs: 120e6 };
  const slow = { latency: { p50Us: 3e6, p99Us: 9e6 }, rateLimit: null };
  const none = { secrets: 0, configMaps: 0 };
  const beside: Scenario = {
    nodes: 20,
    podsPerNode: 10,
    duration: 1800,
    ttl: 60,
    classes: [objectClass('shared'), objectClass('vault', { kind: 'SecretProviderClass', scope: 'deployment' })],
    timeline: [change('update', 'shared', 0, { everyUs: 300e6, untilUs: 1500e6 })],
    operators: { store: slow, informers: none, secretsStore },
  };

  const withoutOperators = ({ operators: _, ...scenario }: Scenario): Scenario => scenario;

  for (const strategy of ['Watch', 'Cache', 'Get'] as const) {
    it(`is what it is without it, and no pod is later, however slow its store is (${strategy})`, () => {
      const alone = { ...beside, classes: [objectClass('shared')], strategy };
      const { seconds } = boundOf({ ...beside, strategy });
      expect(seconds).to.equal(boundOf(withoutOperators(alone)).seconds);
      for (const replication of [1, 2, 3]) {
        const { updates } = simulate(inputOf({ ...beside, strategy }), replication);
        expect(updates.map(({ boundS }) => boundS)).to.deep.equal(updates.map(() => seconds));
        for (const { timeTo100S } of updates) expect(timeTo100S).to.be.at.most(seconds ?? NaN);
      }
    });
  }

  it('is none for what the driver mounts, and where another operator acts', () => {
    const input = inputOf(beside);
    const population = buildPopulation(input);
    const [mounted] = population.objectsOf('vault', null);
    expect(boundsIn(input, population).of(mounted, 0)).to.include({
      seconds: null,
      reason: 'a driver brings it, and what its store does has none',
    });
    const reloader = { store: slow, informers: none, secretsStore, reloader: { qps: 5, burst: 10 } };
    expect(boundOf({ ...beside, operators: reloader }).reason).to.contain('operators act on the cluster');
  });
});
