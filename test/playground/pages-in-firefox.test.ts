import { expect } from 'chai';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writePlayground } from '../../src/playground/write-playground.js';
import { writeReportPage } from '../../src/report/html/report.js';
import { Workplace } from '../cli/command.js';
import { Firefox } from '../firefox.js';

const FILES =
  "return Object.fromEntries([...document.querySelectorAll('#files script')].map((each) => [each.dataset.file, JSON.parse(each.textContent)]));";

describe('the pages in Firefox', function () {
  this.timeout(240_000);
  let firefox: Firefox | null = null;
  let place: Workplace;
  let held: Readonly<Record<string, string>> = {};
  let url: string;

  before(async function () {
    const started = await Firefox.start();
    if (started === null) return this.skip();
    firefox = started;
    place = await Workplace.make();
    await writePlayground(join(place.path, 'page.html'));
    url = pathToFileURL(join(place.path, 'page.html')).href;
    await started.open(`${url}#preset=kind-3&replications=3&restart=one`);
    await started.until("return document.querySelector('#answer').getAttribute('aria-busy') === 'false';");
    held = (await started.run(FILES)) as Readonly<Record<string, string>>;
    await place.write('page.yaml', held['playground.yaml']);
    expect((await place.call(['run', 'page.yaml', '--out', 'result', '--quiet', '--workers', '1'])).code).to.equal(0);
  });
  after(async () => {
    await firefox?.close();
    if (firefox !== null) await place.remove();
  });

  it('compute what the command line computes, byte for byte', async () => {
    const { 'playground.yaml': yaml, ...tables } = held;
    expect(yaml).to.contain('restartApiServer');
    expect(Object.keys(tables)).to.include.members(['runs.csv', 'delays.csv', 'load.csv', 'restarts.csv']);
    for (const [name, text] of Object.entries(tables)) expect(text, name).to.equal(await place.read(`result/${name}`));
  });

  it('take a change of a knob, and keep their state in the address', async () => {
    await firefox?.run(
      "const strategy = document.querySelector('input[value=Cache]'); strategy.click(); return strategy.checked;",
    );
    await firefox?.until(
      "return location.hash === '#preset=kind-3&strategy=Cache&restart=one&replications=3' && document.querySelector('#answer').getAttribute('aria-busy') === 'false';",
    );
    expect(await firefox?.run("return document.querySelector('#fact-bound').textContent;")).to.contain('Cache');
    expect(await firefox?.errorsOf(url)).to.deep.equal([]);
  });

  it('show a report and its wave', async () => {
    const report = pathToFileURL(await writeReportPage(join(place.path, 'result'), { runs: 1 })).href;
    await firefox?.open(report);
    expect(await firefox?.run("return document.querySelector('.verdict').textContent;")).to.contain(
      'At worst the last pod',
    );
    expect(await firefox?.run("return document.querySelector('#wave output').textContent;")).to.match(
      /% of \d+ volumes/,
    );
    expect(await firefox?.errorsOf(report)).to.deep.equal([]);
  });
});
