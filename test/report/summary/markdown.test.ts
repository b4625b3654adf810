import { expect } from 'chai';
import { markdownSummary } from '../../../src/report/summary/markdown.js';
import { sloOf } from '../../experiment/fakes.js';
import { experiment, metrics, outcome, record, run, scenario, strategies } from '../fixtures.js';

const SLOS = [sloOf('last_pod_max_s < 100')];
const at = (index: number, lastPod: number) =>
  run(index, 1, record(0, { metrics: metrics({ last_pod_max_s: lastPod, updates: 1 }) }));

describe('the Markdown summary', () => {
  it('begins with the verdict, then the answer, then the SLOs, the missed ones first', () => {
    const judged = experiment({ scenarios: strategies('Watch', 'Cache'), slos: SLOS });
    const lines = markdownSummary(judged, outcome([at(0, 90), at(1, 374)])).split('\n');
    expect(lines[0]).to.equal('## rotation: 1 of 2 SLOs missed');
    expect(lines[2]).to.match(/^- Watch: /);
    expect(lines.filter((line) => line.startsWith('|')).slice(2)).to.deep.equal([
      String.raw`| missed | last\_pod\_max\_s &lt; 100 | strategy=Cache | 374 s |`,
      String.raw`| passed | last\_pod\_max\_s &lt; 100 | strategy=Watch | 90 s |`,
    ]);
  });

  it('says that all is well, that nothing was asked, and that runs failed', () => {
    const headline = (slos: typeof SLOS, failed: readonly { runId: string; message: string }[] = []): string =>
      markdownSummary(experiment({ slos }), { ...outcome([at(0, 90)]), failed }).split('\n')[0];
    expect(headline(SLOS)).to.equal('## rotation: every SLO met');
    expect(headline([])).to.equal('## rotation: done, without SLOs');
    expect(headline(SLOS, [{ runId: 's001-r002', message: 'it died' }])).to.equal('## rotation: 1 run failed');
  });

  it('takes nothing of a name for Markdown, HTML or a user', () => {
    const name = '| <img> `x` [a](b) *c* @team #7 &amp;\n# d\u001b';
    const text = markdownSummary(
      experiment({ name, scenarios: [scenario(0, name, {}, 'Watch')], slos: SLOS }),
      outcome([at(0, 1)]),
    );
    const shown = String.raw`\| &lt;img> \`x\` \[a\](b) \*c\* &#64;team \#7 &amp;amp;\\u000a\# d\\u001b`;
    expect(text.split('\n')[0]).to.equal(`## ${shown}: every SLO met`);
    expect(text).to.include(`| ${shown} | 1 s |`);
  });

  it('leaves out verdicts of very many scenarios, missed ones last', () => {
    const scenarios = Array.from({ length: 300 }, (_, index) => scenario(index, `x=${index}`, { x: index }, 'Watch'));
    const runs = scenarios.map(({ index }) => at(index, index < 290 ? 1 : 200));
    const text = markdownSummary(experiment({ scenarios, slos: SLOS }), outcome(runs));
    expect(text.match(/^\| missed /gm)).to.have.length(10);
    expect(text.match(/^\| passed /gm)).to.have.length(190);
    expect(text).to.include('\n100 more are left out, all of them passed.\n');
  });
});
