import { expect } from 'chai';
import { PRESETS } from '../../src/experiment/language/presets.js';
import type { Answer } from '../../src/playground/answer.js';
import { clusterOfPreset } from '../../src/playground/knobs.js';
import { questionOf } from '../../src/playground/pinned.js';
import { asked, answerTo, smallSetting } from './questions.js';

const QUESTION = questionOf(
  smallSetting({ replications: 5, comparedRelease: '1.29' }),
  smallSetting({ strategy: 'Get' }),
);

describe('the workers of the playground', () => {
  it('give the same answer, however many share the runs', async () => {
    const one = await answerTo(QUESTION, 1);
    expect(one.runs).to.have.length(15);
    for (const workers of [2, 5, 20]) expect(await answerTo(QUESTION, workers)).to.deep.equal(one);
  });

  it('tell first what the first run of each scenario says', async () => {
    const first: Answer[] = [];
    const outcome = await asked(QUESTION, 2, { onFirst: (answer) => first.push(answer) });
    expect(outcome.kind).to.equal('answer');
    expect(first).to.have.length(1);
    expect(first[0].runs.map(({ runId }) => runId)).to.deep.equal(['s001-r001', 's002-r001', 's003-r001']);
    expect(first[0].files).to.deep.equal([]);
  });

  it('begin no further run where the question is outdated', async () => {
    const controller = new AbortController();
    const outcome = await asked(QUESTION, 1, { signal: controller.signal, onFirst: () => controller.abort() });
    expect(outcome).to.deep.equal({ kind: 'outdated' });
  });

  it('ask before they compute what takes long', async () => {
    const preset = PRESETS.find(({ name }) => name === 'own-100k') ?? PRESETS[0];
    const cluster = clusterOfPreset(preset);
    const outcome = await asked(questionOf({ cluster, knobs: cluster.start }, null));
    expect(outcome.kind).to.equal('long');
  });

  it('say what is wrong with an experiment', async () => {
    const outcome = await asked(questionOf(smallSetting({ slo: 'no_such_metric < 1' }), null));
    expect(outcome).to.have.property('kind', 'problems');
    expect(JSON.stringify(outcome)).to.contain('spec.slos');
  });
});
