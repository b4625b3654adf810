import { expect } from 'chai';
import fc from 'fast-check';
import { DOMParser } from 'linkedom';
import { junitSummary } from '../../../src/report/summary/junit.js';
import { sloOf } from '../../experiment/fakes.js';
import { experiment, metrics, outcome, record, run, scenario, strategies } from '../fixtures.js';
import { xmlFault } from './well-formed-xml.js';
import { anyText } from '../../any-text.js';

const SLOS = [sloOf('last_pod_max_s < 100'), sloOf('watches_open_max < 10')];
const at = (index: number, replication: number, lastPod: number) =>
  run(index, replication, record(0, { metrics: metrics({ last_pod_max_s: lastPod, watches_open_max: 5 }) }));

/** What is read of an element. */
interface Element {
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
}

/** Elements of a summary by the names of their attributes. */
function elements(xml: string, name: string): readonly Readonly<Record<string, string>>[] {
  const found = new DOMParser().parseFromString(xml, 'text/xml').querySelectorAll(name) as Iterable<Element>;
  return Array.from(found, ({ attributes }) =>
    Object.fromEntries(Array.from(attributes, (attribute) => [attribute.name, attribute.value])),
  );
}

describe('the JUnit summary', () => {
  const judged = experiment({ scenarios: strategies('Watch', 'Cache'), slos: SLOS });
  const runs = [at(0, 1, 89), at(0, 2, 90), at(1, 1, 374)];
  const failed = [{ runId: 's002-r002', message: 'a worker died' }];
  const xml = junitSummary(judged, { ...outcome(runs), failed });

  it('has a suite per scenario, in it a case per SLO, and one for each run that failed', () => {
    expect(
      elements(xml, 'testsuite').map(({ name, tests, failures, errors }) => [name, tests, failures, errors]),
    ).to.deep.equal([
      ['strategy=Watch', '2', '0', '0'],
      ['strategy=Cache', '3', '1', '1'],
    ]);
    expect(elements(xml, 'testcase').map(({ classname, name }) => `${classname} ${name}`)).to.deep.equal([
      ...SLOS.map(({ text }) => `rotation.strategy=Watch strategy=Watch: ${text}`),
      ...SLOS.map(({ text }) => `rotation.strategy=Cache strategy=Cache: ${text}`),
      'rotation.strategy=Cache run s002-r002',
    ]);
    expect(elements(xml, 'testsuites')[0]).to.include({ tests: '5', failures: '1', errors: '1' });
  });

  it('says by how much an SLO was missed, and what a run died of', () => {
    expect(elements(xml, 'failure').map(({ message }) => message)).to.deep.equal(['missed: 374 s']);
    expect(elements(xml, 'error').map(({ message }) => message)).to.deep.equal(['a worker died']);
    expect(xml).to.include('>missed: 374 s</failure>').and.to.include('>a worker died</error>');
    expect(xml).to.include('<system-out>passed: 90 s (worst of 2 replications)</system-out>');
  });

  it('is well-formed XML, whatever names and messages hold', () => {
    const text = anyText();
    const nasty = fc.constantFrom(']]>', '<!--', '"\'>&amp;&', '\uFFFE\uD800', '\u0000\u001b[31m', '\r\n');
    fc.assert(
      fc.property(fc.array(fc.oneof(text, nasty), { minLength: 4, maxLength: 4 }), ([name, seed, label, message]) => {
        const named = { ...judged, name, seed, scenarios: [scenario(0, label, {}, 'Watch')] };
        const written = junitSummary(named, { ...outcome([at(0, 1, 1)]), failed: [{ runId: 's001-r002', message }] });
        expect(xmlFault(written)).to.equal(null);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('is checked by rules that see what is not', () => {
    const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
    for (const wrong of [
      '<a>',
      '<a></b>',
      '<a/><b/>',
      '<a b="<"/>',
      '<a>&nbsp;</a>',
      '<a>\u0001</a>',
      '<a b=c/>',
      '',
    ]) {
      expect(xmlFault(head + wrong), wrong).to.be.a('string');
    }
    expect(xmlFault(`${head}<a b="&lt;">c<d/></a>\n`)).to.equal(null);
  });
});
