import { expect } from 'chai';
import type { Metric } from '../../src/cluster/model/run-record.js';
import { specSchema } from '../../src/experiment/language/schema.js';
import { answerJson } from '../../src/report/answer-data.js';
import { serverSentences } from '../../src/report/server-sentences.js';
import { summarizeScenarios } from '../../src/report/scenario-summary.js';
import { answerTable } from '../../src/report/terminal.js';
import { experiment, metrics, outcome, record, run, scenario } from './fixtures.js';

const GIB = 1024 ** 3;
const MEMORY = 'apiServer.memory';

/** What the neediest server of a run needs. */
const needs = (gib: number, changes: Partial<Record<Metric, number | null>> = {}) =>
  record(0, {
    metrics: metrics({
      updates: 1,
      delay_p50_s: 37.5,
      last_pod_max_s: 90.1,
      apiserver_memory_max_per_server_bytes: gib * GIB,
      apiserver_memory_peak_server: 2,
      apiserver_memory_peak_at_s: 362.9,
      apiserver_cpu_max_per_server_cores: 11.3,
      apiserver_cpu_peak_server: 1,
      apiserver_cpu_peak_at_s: 3723,
      apiserver_oom_first_server: null,
      apiserver_oom_first_at_s: null,
      apiservers_serving_min: 3,
      ...changes,
    }),
  });

/** An experiment whose API servers have this machine, and its runs. */
function asked(apiServer: object, ...records: readonly ReturnType<typeof record>[]) {
  const spec = specSchema.parse({ replications: records.length, apiServer });
  const runs = records.map((each, index) => run(0, index + 1, each));
  return [experiment({ spec, replications: records.length }), outcome(runs)] as const;
}

function sentences(...[question, answer]: ReturnType<typeof asked>): readonly string[] {
  return serverSentences(question, summarizeScenarios(question, answer)).map(({ text }) => text);
}

describe('the answer about the machines of API servers', () => {
  it('is silent where the experiment does not say what they have', () => {
    expect(sentences(...asked({}, needs(76.2)))).to.deep.equal([]);
    expect(sentences(...asked({ memory: 'unlimited', cores: 'unlimited' }, needs(76.2)))).to.deep.equal([]);
  });

  it('names the server, what it needs of what it has, and when', () => {
    expect(sentences(...asked({ memory: '64Gi', cores: 8 }, needs(76.2)))).to.deep.equal([
      'API server 2 needs 76.2 of 64 GiB of memory at 6:02.',
      'API server 1 needs 11.3 of 8 cores at 1:02:03.',
    ]);
    expect(sentences(...asked({ memory: '512Mi' }, needs(0.25)))).to.deep.equal([
      'API server 2 needs at most 256 of 512 MiB of memory at 6:02.',
    ]);
  });

  it('tells the worst replication, and in how many the machine is too small', () => {
    const rows = asked({ memory: '64Gi' }, needs(60), needs(76.2), needs(70.5));
    expect(sentences(...rows)).to.deep.equal([
      'API server 2 needs 76.2 of 64 GiB of memory at 6:02 (in 2 of 3 replications; the worst).',
    ]);
  });

  it('tells of the cascade where servers are killed, and of its absence', () => {
    const cascade = {
      apiserver_oom_kills: 6,
      apiserver_oom_first_server: 3,
      apiserver_oom_first_at_s: 242.6,
      apiservers_serving_min: 0,
    };
    const machine = { memory: '64Gi', outOfMemory: 'crash' };
    expect(sentences(...asked(machine, needs(63.9, cascade)))).to.deep.equal([
      'API servers run out of 64 GiB of memory and are killed 6 times, server 3 first at 4:02; at worst none of them serves.',
    ]);
    expect(sentences(...asked(machine, needs(63.9)))).to.deep.equal([
      'API server 2 needs at most 63.9 of 64 GiB of memory at 6:02.',
    ]);
  });

  it('goes by the machine of each scenario, also where factors vary it together, and sums many up', () => {
    const sizes = ['32Gi', '64Gi', '96Gi', '128Gi', '256Gi'];
    const spec = specSchema.parse({ replications: 1 });
    const scenarios = sizes.map((size, index) => scenario(index, `memory=${size}`, { [MEMORY]: size }, 'Watch'));
    const many = experiment({ scenarios, spec });
    const runs = sizes.map((_, index) => run(index, 1, needs(76.2)));
    expect(sentences(many, outcome(runs))).to.deep.equal([
      'in 2 of 5 scenarios an API server needs more memory than it has; most: memory=32Gi: ' +
        'API server 2 needs 76.2 of 32 GiB of memory at 6:02.',
    ]);
    const path = `${MEMORY} & apiServer.cores`;
    const joint = experiment({ scenarios: [scenario(0, 'small', { [path]: '64Gi & 16' }, 'Watch')], spec });
    expect(sentences(joint, outcome([run(0, 1, needs(76.2))]))).to.deep.equal([
      'small: API server 2 needs 76.2 of 64 GiB of memory at 6:02.',
      'small: API server 1 needs at most 11.3 of 16 cores at 1:02:03.',
    ]);
  });

  it('stands on the terminal and in the JSON', () => {
    const [question, answer] = asked({ memory: '64Gi' }, needs(76.2));
    const sentence = 'API server 2 needs 76.2 of 64 GiB of memory at 6:02.';
    expect(answerTable(question, answer, { width: 80, colour: false })).to.include(`\n\n${sentence}\n\n`);
    const { scenarios } = JSON.parse(answerJson(question, answer)) as {
      readonly scenarios: readonly { readonly servers: unknown }[];
    };
    expect(scenarios[0].servers).to.deep.equal({
      answer: [sentence],
      needed: [
        {
          resource: 'memory',
          server: 2,
          needed: 76.2 * GIB,
          limit: 64 * GIB,
          unit: 'bytes',
          at_s: 362.9,
          exceeded_in: 1,
          replications: 1,
        },
      ],
    });
  });
});
