import { expect } from 'chai';
import type { ApiServerConfig, ModelInput } from '../../../src/cluster/model/model-input.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { estimateRunSeconds } from '../../../src/experiment/language/time-estimate.js';
import { change, inputOf, objectClass, type Scenario } from '../../cluster/scenario.js';
import { crash, roll } from '../../cluster/timeline-actions.js';

/** Seconds of an event, on average over many kinds of run: what a clock would measure differs from machine to machine. */
const EVENT_S = 1.3e-6;

/** Half a second that starts a worker is no part of the run. */
const OVERHEAD_S = 0.5;

const CLASSES = [objectClass('own', { scope: 'deployment', count: 5 }), objectClass('all', { as: 'projected' })];

function queued(capacity: number, scenario: Scenario): ModelInput {
  return inputOf({
    nodes: 12,
    podsPerNode: 5,
    syncFrequency: 2,
    duration: 300,
    classes: CLASSES,
    apiServer: { capacity },
    ...scenario,
  });
}

/** A thousand objects of ten nodes are written while something keeps their writers waiting. */
function writers(apiServer: Partial<ApiServerConfig>, scenario: Scenario = {}): ModelInput {
  return inputOf({
    strategy: 'Get',
    release: '1.24',
    duration: 60,
    drain: 1800,
    classes: [objectClass('many', { scope: 'node', count: 100 })],
    timeline: [change('update', 'many', 20)],
    apiServers: 1,
    syncFrequency: 600,
    ...scenario,
    apiServer,
  });
}

const away = [change('update', 'many', 20), crash(10, 'all', 1200)];
const RETRIED: readonly (readonly [string, ModelInput])[] = [
  ['no server accepts connections', writers({}, { timeline: away })],
  ['a server ends for 20 min', writers({ shutdownUs: 1200e6 }, { timeline: [away[0], roll(10, 0)] })],
  [
    'the servers have one seat for all writes',
    writers(
      { capacity: 4, write: { p50Us: 5e6, p99Us: 5e6 }, maxMutatingRequestsInflight: 1 },
      { behaviours: { flowControl: 'maxInflight' } },
    ),
  ],
  [
    'writes take longer than the servers allow',
    writers(
      { capacity: 4, write: { p50Us: 5e6, p99Us: 5e6 }, requestTimeoutUs: 1e6, maxMutatingRequestsInflight: 5000 },
      { behaviours: { flowControl: 'maxInflight' } },
    ),
  ],
  [
    'slow writes take all seats, and are in vain',
    writers(
      { capacity: 4, write: { p50Us: 600e6, p99Us: 600e6 } },
      { behaviours: { flowControl: 'maxInflight' }, drain: 900 },
    ),
  ],
];

describe('the estimate of how long a run takes', () => {
  const cases: readonly (readonly [string, ModelInput])[] = [
    ...(['1.20', '1.24'] as const).flatMap((release) =>
      (['Cache', 'Get'] as const).flatMap((strategy) =>
        [0.05, 0.5, 16].map((cores): readonly [string, ModelInput] => [
          `${strategy}, ${release}, ${cores} cores`,
          queued(cores, { release, strategy }),
        ]),
      ),
    ),
    ['Cache with a TTL of an hour', queued(0.02, { strategy: 'Cache', release: '1.24', ttl: 3600, duration: 30 })],
    ['Watch for half a day', queued(4, { release: '1.28', nodes: 30, duration: 43_200 })],
    ['Watch with restarts of all servers', queued(1, { nodes: 200, duration: 200, timeline: [crash(20)] })],
  ];
  for (const [name, input] of RETRIED) {
    it(`holds where requests are sent again and again: ${name}`, () => {
      const { execution, traffic } = simulate(input, 1);
      expect(traffic?.sent, 'requests').to.be.above(100_000);
      expect((estimateRunSeconds(input) - OVERHEAD_S) / (execution.events * EVENT_S)).to.be.within(1 / 4, 4);
    });
  }
  it('knows what reflectors try while servers are away', () => {
    const input = inputOf({ nodes: 300, duration: 3600, classes: CLASSES, timeline: [crash(20, 'all', 3000)] });
    const { events } = simulate(input, 1).execution;
    expect((estimateRunSeconds(input) - OVERHEAD_S) / (events * EVENT_S)).to.be.within(1 / 3, 3);
  });
  for (const [name, input] of cases) {
    it(`holds within a factor of three where requests queue: ${name}`, () => {
      const { events } = simulate(input, 1).execution;
      expect((estimateRunSeconds(input) - OVERHEAD_S) / (events * EVENT_S)).to.be.within(1 / 3, 3);
    });
  }
});
