import { expect } from 'chai';
import { change, inputOf, objectClass } from '../scenario.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { commits, OBJECTS, operators, runWith, store } from './operators.js';

const RENEWED_S = 60;
const QUICK = store({ latency: { p50Us: 1000, p99Us: 1000 } });
const renew = change('rotateAtSource', 'app-tls', RENEWED_S);

describe('cert-manager', () => {
  it('issues what is due together as fast as its client may send: nine requests a certificate, 20 a second, 50 at once', () => {
    const certManager = { objects: 'app-tls', qps: 20, burst: 50, concurrent: OBJECTS };
    const at = commits(runWith({ operators: operators({ store: QUICK, certManager }), timeline: [renew] }));
    expect(at).to.have.length(OBJECTS);
    // Each of them has sent seven requests before; the last certificates have their last two yet.
    const [least, most] = [(7 * OBJECTS - 50) / 20, (9 * OBJECTS - 50) / 20 + 1];
    expect(at[OBJECTS - 1] - RENEWED_S).to.be.within(least, most);
  });

  it('is held up by nothing else', () => {
    const certManager = { objects: 'app-tls', qps: 1e6, burst: 1e6, concurrent: OBJECTS };
    const at = commits(runWith({ operators: operators({ store: QUICK, certManager }), timeline: [renew] }));
    expect(at[OBJECTS - 1] - RENEWED_S).to.be.lessThan(0.2);
  });
});

describe('trust-manager', () => {
  const NAMESPACES = 40;
  const WRITE_US = 20e3;

  /** One bundle in forty namespaces, whose ConfigMap every pod mounts; writes take 20 ms each. */
  function bundles(trustManager: boolean) {
    const input = inputOf({
      pure: true,
      nodes: 20,
      podsPerNode: 4,
      replicas: 2,
      namespaces: NAMESPACES,
      apiServer: { write: { p50Us: WRITE_US, p99Us: WRITE_US } },
      classes: [objectClass('ca-bundle', { kind: 'ConfigMap', scope: 'namespace' })],
      timeline: [change('rotateAtSource', 'ca-bundle', RENEWED_S)],
      operators: operators(trustManager ? { trustManager: { objects: 'ca-bundle' } } : {}),
    });
    return simulate(input, 1);
  }

  it('writes the ConfigMaps of a bundle one after another, one in each namespace, without a call to a store', () => {
    const record = bundles(true);
    const at = commits(record);
    expect(at).to.have.length(NAMESPACES);
    expect(at[NAMESPACES - 1] - at[0]).to.be.closeTo(((NAMESPACES - 1) * WRITE_US) / 1e6, 1e-3);
    expect(record.metrics.source_calls_per_s).to.equal(0);
  });

  it('writes them at one instant if it is not there', () => {
    const at = commits(bundles(false));
    expect(at[NAMESPACES - 1] - at[0]).to.be.lessThan(1e-3);
  });
});
