import { expect } from 'chai';
import type { ExternalSecretsInput } from '../../../src/cluster/model/operators-input.js';
import { change } from '../scenario.js';
import { CALL_US, commits, MIN, OBJECTS, once, operators, outage, restart, runWith, S, store } from './operators.js';

const ROTATED_S = 60;
/** A status patch: CPU of a server for a write of 2 KiB, at most. */
const PATCH_S = 0.01;

function externalSecrets(options: Partial<ExternalSecretsInput> = {}): ExternalSecretsInput {
  return { objects: 'app-tls', refreshIntervalUs: 10 * MIN, concurrent: 1, qps: 50, burst: 100, groups: 1, ...options };
}

const rotate = change('rotateAtSource', 'app-tls', ROTATED_S);

describe('External Secrets Operator', () => {
  it('writes at once what nobody is in charge of', () => {
    const { metrics } = runWith({ operators: operators({}), timeline: [rotate] });
    expect(metrics.source_changes).to.equal(OBJECTS);
    expect(metrics.source_delay_max_s).to.be.lessThan(0.01);
    expect(metrics.source_calls_per_s).to.equal(0);
  });

  for (const concurrent of [1, 4]) {
    it(`brings the last of ${OBJECTS} objects that were created together ${OBJECTS} calls ÷ ${concurrent} after the first`, () => {
      const input = operators({ externalSecrets: externalSecrets({ concurrent }) });
      const at = commits(runWith({ operators: input, timeline: [rotate] }));
      const rounds = OBJECTS / concurrent - 1;
      const spread = at[OBJECTS - 1] - at[0];
      expect(spread).to.be.within((rounds * CALL_US) / S, rounds * (CALL_US / S + PATCH_S) + PATCH_S);
    });
  }

  it('finds a change with the next refresh: within an interval, and the same time for all of a group', () => {
    const intervalS = 600;
    for (const replication of [1, 2, 3]) {
      const record = runWith(
        { operators: operators({ externalSecrets: externalSecrets({ concurrent: OBJECTS }) }), timeline: [rotate] },
        replication,
      );
      const at = commits(record);
      expect(at[0] - ROTATED_S).to.be.within(0, intervalS + 2);
      // All are called in one instant; their patches then queue for the client, 50 a second after the first 100.
      expect(at[OBJECTS - 1] - at[0]).to.be.lessThan(1);
    }
  });

  it('calls the store once per object and interval', () => {
    const { metrics } = runWith({ operators: operators({ externalSecrets: externalSecrets() }) });
    expect(metrics.source_calls_per_s).to.be.closeTo(OBJECTS / 600, OBJECTS / 1800);
    expect(metrics.operator_requests_per_s).to.be.closeTo(OBJECTS / 600, OBJECTS / 1800);
  });

  it('spreads objects that were created one by one over the interval', () => {
    const input = operators({ externalSecrets: externalSecrets({ groups: OBJECTS, concurrent: OBJECTS }) });
    const at = commits(runWith({ operators: input, timeline: [rotate] }));
    const waits = at.map((each) => each - ROTATED_S);
    const mean = waits.reduce((sum, each) => sum + each, 0) / OBJECTS;
    // U[0, 600): five standard errors of the mean.
    expect(mean).to.be.closeTo(300, 5 * (600 / Math.sqrt(12 * OBJECTS)));
  });

  it('begins with all that has come due, when it comes back after an interval', () => {
    const input = operators({ externalSecrets: externalSecrets({ groups: OBJECTS }) });
    const timeline = [rotate, restart(30, 700)];
    const at = commits(runWith({ operators: input, timeline }));
    expect(at[0]).to.be.within(730, 732);
    expect(at[OBJECTS - 1] - at[0]).to.be.within(OBJECTS - 1, (OBJECTS - 1) * (1 + PATCH_S) + PATCH_S);
  });

  it('brings a change once that it had in hand when it ended', () => {
    const input = operators({ externalSecrets: externalSecrets({ refreshIntervalUs: 30 * S, concurrent: 3 }) });
    const timeline = [rotate, ...[70, 75, 80].map((at) => restart(at, 1))];
    const record = runWith({ operators: input, timeline });
    expect(record.metrics.updates).to.equal(OBJECTS);
    expect(record.metrics.pending_at_end).to.equal(0);
  });

  it('tries again what failed, twice as late each time, and so brings it up to as long after an outage as that lasted', () => {
    const input = operators({ externalSecrets: externalSecrets({ concurrent: OBJECTS, groups: OBJECTS }) });
    const [from, lasts] = [60, 600];
    const record = runWith({ operators: input, timeline: [rotate, outage(from, lasts)], duration: 3600 });
    const at = commits(record);
    expect(record.metrics.source_calls_failed).to.be.greaterThan(OBJECTS);
    expect(at[0]).to.be.greaterThan(from + lasts);
    expect(at[OBJECTS - 1]).to.be.lessThan(from + 2 * lasts + 60);
  });

  it('is answered 429 beyond the rate of the store, and brings all in the end', () => {
    const limited = store({ latency: { p50Us: 1000, p99Us: 1000 }, rateLimit: { ratePerS: 2, burst: 2 } });
    const input = operators({ store: limited, externalSecrets: externalSecrets({ concurrent: OBJECTS }) });
    const record = runWith({ operators: input, timeline: [rotate] });
    expect(record.metrics.source_calls_rejected_429).to.be.greaterThan(OBJECTS);
    expect(record.metrics.updates).to.equal(OBJECTS);
    const at = commits(record);
    // Two a second are answered.
    expect(at[OBJECTS - 1] - at[0]).to.be.at.least((OBJECTS - 2) / 2 - 1);
  });

  it('brings the newest of two changes, and counts from the older one', () => {
    const input = operators({ externalSecrets: externalSecrets({ concurrent: OBJECTS }) });
    const timeline = [{ ...rotate, ...once(0), everyUs: 20 * S, untilUs: 20 * S }];
    const { metrics, updates } = runWith({ operators: input, timeline });
    const found = updates.map(({ committedAtS }) => committedAtS);
    expect(Math.min(...found)).to.be.greaterThan(20);
    expect(metrics.updates).to.equal(OBJECTS);
    expect(metrics.source_changes).to.equal(2 * OBJECTS);
    expect(metrics.source_delay_max_s).to.be.closeTo(Math.max(...found), 0.01);
  });
});
