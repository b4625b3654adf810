import { expect } from 'chai';
import type { VaultSecretsInput } from '../../../src/cluster/model/operators-input.js';
import { change } from '../scenario.js';
import { commits, MIN, OBJECTS, operators, outage, restart, runWith, S, store } from './operators.js';

const ROTATED_S = 120;
const QUICK = store({ latency: { p50Us: 1000, p99Us: 1000 } });

function vaultSecrets(options: Partial<VaultSecretsInput> = {}): VaultSecretsInput {
  return { objects: 'app-tls', refreshAfterUs: 10 * MIN, concurrent: 100, instantUpdates: false, ...options };
}

const rotate = change('rotateAtSource', 'app-tls', ROTATED_S);

/** How long after the rotation each object was committed, s. */
function waits(record: ReturnType<typeof runWith>): number[] {
  return commits(record).map((at) => at - ROTATED_S);
}

describe('Vault Secrets Operator', () => {
  it('finds a change after the residual life of U(0.8, 0.9] × refreshAfter, each object for itself', () => {
    const found = [1, 2, 3, 4].flatMap((replication) =>
      waits(
        runWith(
          { operators: operators({ store: QUICK, vaultSecrets: vaultSecrets() }), timeline: [rotate] },
          replication,
        ),
      ),
    );
    expect(Math.max(...found)).to.be.at.most(540.1);
    // Mean residual life E[X²] / 2E[X] of U(480, 540], its standard deviation about that of U(0, 510).
    const expected = (510 ** 2 + 60 ** 2 / 12) / (2 * 510);
    const mean = found.reduce((sum, each) => sum + each, 0) / found.length;
    expect(mean).to.be.closeTo(expected, 4 * (510 / Math.sqrt(12 * found.length)));
  });

  it('reads for drift detection within 54 s where no refreshAfter is set', () => {
    const input = operators({ store: QUICK, vaultSecrets: vaultSecrets({ refreshAfterUs: 0 }) });
    const record = runWith({ operators: input, timeline: [rotate] });
    expect(Math.max(...waits(record))).to.be.at.most(54.1);
    expect(record.metrics.source_calls_per_s).to.be.closeTo(OBJECTS / 51, 0.03);
  });

  it('brings a change within a second or so where Vault tells of it', () => {
    const input = operators({ store: QUICK, vaultSecrets: vaultSecrets({ instantUpdates: true }) });
    const found = waits(runWith({ operators: input, timeline: [rotate] }));
    expect(found).to.have.length(OBJECTS);
    expect(Math.max(...found)).to.be.within(1, 1.1);
  });

  it('has a queue only behind its 100 workers', () => {
    const slow = store();
    const spread = (concurrent: number): number => {
      const input = operators({
        store: slow,
        vaultSecrets: vaultSecrets({ refreshAfterUs: 6000 * MIN, concurrent, instantUpdates: true }),
      });
      const found = waits(runWith({ operators: input, timeline: [rotate] }));
      return found[OBJECTS - 1] - found[0];
    };
    expect(spread(100)).to.be.lessThan(0.1);
    expect(spread(1)).to.be.within(OBJECTS - 1, OBJECTS + 5);
  });

  it('reads all at once when it restarts', () => {
    const input = operators({ store: QUICK, vaultSecrets: vaultSecrets() });
    const found = waits(runWith({ operators: input, timeline: [rotate, restart(ROTATED_S, 30)] }));
    expect(found[0]).to.be.at.least(30);
    expect(found[OBJECTS - 1]).to.be.lessThan(30.1);
  });

  it('tries again within 90 s at the most after an outage, times U[0.5, 1.5) of up to a minute', () => {
    const [from, lasts] = [ROTATED_S, 600];
    const input = operators({ store: QUICK, vaultSecrets: vaultSecrets() });
    const record = runWith({ operators: input, timeline: [rotate, outage(from, lasts)] });
    expect(record.metrics.source_calls_failed).to.be.greaterThan(OBJECTS);
    // Two calls again within one try, each after up to 1.5 s.
    expect(Math.max(...waits(record))).to.be.within(lasts, lasts + 90 + (3 * S) / S + 0.1);
  });
});
