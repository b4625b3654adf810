import { expect } from 'chai';
import { BuiltNodes } from '../../../src/cluster/population/built-nodes.js';
import { buildPopulation, nodesOf, simulate } from '../../../src/cluster/run/simulate.js';
import {
  isWorthSplitting,
  shareNodes,
  simulateOnThreads,
  type ThreadsNodes,
} from '../../../src/experiment/execution/run-threads.js';
import type { ModelInput } from '../../../src/cluster/model/model-input.js';
import { everything, textOf } from '../../cluster/everything.js';
import { inputOf } from '../../cluster/scenario.js';
import { crash } from '../../cluster/timeline-actions.js';

const sharedOf = (input: ModelInput): ThreadsNodes => shareNodes(nodesOf(input));
const builtOf = (input: ModelInput): ThreadsNodes => shareNodes(new BuiltNodes(buildPopulation(input)));
const ignore = (): void => undefined;

describe('a run on several threads', () => {
  it('gives the record that it gives on one, again and again', async () => {
    const input = inputOf({ ...everything, nodes: 50 });
    for (const shared of [sharedOf(input), builtOf(input)]) {
      for (const replication of [1, 2]) {
        const record = await simulateOnThreads(input, replication, shared, 3, ignore);
        expect(textOf(record)).to.equal(textOf(simulate(input, replication)));
      }
    }
  });

  it('is simulated on one where its nodes meet at the API servers', async () => {
    const input = inputOf({ ...everything, timeline: [...(everything.timeline ?? []), crash(60)] });
    const record = await simulateOnThreads(input, 1, sharedOf(input), 3, ignore);
    expect(textOf(record)).to.equal(textOf(simulate(input, 1)));
  });

  it('tells how much of it is done, up to all', async () => {
    const input = inputOf({ ...everything, nodes: 50 });
    const shares: number[] = [];
    await simulateOnThreads(input, 1, sharedOf(input), 2, (share) => shares.push(share));
    expect(shares).to.deep.equal(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).to.be.within(0.9, 1);
  });

  it('fails where one of the threads fails, and says why', async () => {
    const input = inputOf(everything);
    const { nodes, message } = builtOf(input);
    const forgetful: ThreadsNodes = {
      nodes,
      message: () => {
        const told = message();
        return told && { ...told, targets: [] };
      },
    };
    const failure = await simulateOnThreads(input, 1, forgetful, 2, ignore).catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('message').that.contains('nobody has asked for the objects of');
  });

  it('is worth their start from a million consumer-hours on, under Watch from four million consumers', () => {
    const worth = (nodes: number, duration: number, strategy: 'Watch' | 'Cache' = 'Cache'): boolean => {
      const input = inputOf({ nodes, podsPerNode: 10, duration, strategy });
      return isWorthSplitting(input, nodesOf(input).facts);
    };
    const coupled = inputOf({ nodes: 1000, podsPerNode: 10, duration: 100 * 3600, timeline: [crash(60)] });
    expect(isWorthSplitting(coupled, nodesOf(coupled).facts)).to.equal(false);
    expect([worth(1000, 3600), worth(1000, 99 * 3600), worth(1000, 100 * 3600)]).to.deep.equal([false, false, true]);
    expect([worth(300_000, 3600, 'Watch'), worth(400_000, 3600, 'Watch')]).to.deep.equal([false, true]);
    // A day costs 1.6 times what it takes to have them.
    expect([worth(100_000, 86400, 'Watch'), worth(160_000, 86400, 'Watch')]).to.deep.equal([false, true]);
  });
});
