import { expect } from 'chai';
import type { ModelInput } from '../../../src/cluster/model/model-input.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { estimateRunSeconds } from '../../../src/experiment/language/time-estimate.js';
import { inputOf, objectClass, type Scenario } from '../../cluster/scenario.js';
import { crash } from '../../cluster/timeline-actions.js';

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
  for (const [name, input] of cases) {
    it(`holds within a factor of three where requests queue: ${name}`, () => {
      const { events } = simulate(input, 1).execution;
      expect((estimateRunSeconds(input) - OVERHEAD_S) / (events * EVENT_S)).to.be.within(1 / 3, 3);
    });
  }
});
