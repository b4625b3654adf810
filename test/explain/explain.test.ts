import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { METRICS } from '../../src/cluster/model/run-record.js';
import { RELEASES } from '../../src/cluster/model/releases.js';
import { SWITCH_NAMES } from '../../src/cluster/model/switches/switches.js';
import { described } from '../../src/explain/described.js';
import { explain, explainable } from '../../src/explain/explain.js';
import { defaultText } from '../../src/explain/field-values.js';
import { allFields, pathOf, sourceOf } from '../../src/explain/fields.js';
import { PRESET_NAMES } from '../../src/experiment/language/presets.js';
import { Workplace } from '../cli/command.js';

/** A data dictionary as a result has it: file, column, type, unit, meaning. */
const DICTIONARY = new URL('../../../test/fixtures/report/columns.csv', import.meta.url);

describe('explain', () => {
  describe('knows of every field of the experiment file', () => {
    it('what it is', () => {
      const silent = allFields().filter(({ schema }) => described(schema.description ?? '').meaning === '');
      expect(silent.map(pathOf)).to.deep.equal([]);
    });

    it('where a default comes from: a source, a measurement, an assumption or a choice', () => {
      const unfounded = allFields()
        .filter(({ schema }) => typeof schema.default !== 'object' && defaultText(schema) !== null)
        .filter((field) => sourceOf(field) === null);
      expect(unfounded.map(pathOf)).to.deep.equal([]);
    });

    it('what holds where it is not written: a default, nothing, or that it has to be', () => {
      const parents = new Set(allFields().map(({ parent }) => parent));
      const single = allFields().filter((field) => !parents.has(field));
      const silent = single.filter((field) => explain(pathOf(field))[0].default === undefined);
      expect(silent.map(pathOf)).to.deep.equal([]);
      expect(explain('objects.name')[0].default).to.equal('none: it has to be written');
      expect(explain('timeline.at')[0].default).to.equal('none');
    });

    it('which default its description speaks of', () => {
      const own = allFields().filter((field) => !pathOf(field).startsWith('cluster.behaviours.'));
      const hidden = own.filter(({ schema }) => {
        const { meaning } = described(schema.description ?? '');
        return /\bdefault\b/i.test(meaning) && defaultText(schema) === null;
      });
      expect(hidden.map(pathOf)).to.deep.equal([]);
    });
  });

  it('knows every metric, behaviour, release and preset, and all columns of a result', () => {
    for (const name of [...METRICS, ...SWITCH_NAMES, ...RELEASES, ...PRESET_NAMES]) {
      expect(explain(name), name).not.to.deep.equal([]);
    }
    const rows = readFileSync(DICTIONARY, 'utf8').trimEnd().split('\n').slice(1);
    const columns = rows.map((row) => row.split(',')).filter(([, , , , meaning]) => !meaning.startsWith('factor: '));
    for (const [file, name] of columns) {
      const question = `${file.replace('.csv', '')}.${name}`;
      expect([...explain(question), ...explain(name)], question).not.to.deep.equal([]);
    }
  });

  it('answers to each name that it lists or refers to, with what is called so', () => {
    for (const { kind, name } of explainable()) {
      const found = explain(name);
      expect(
        found.map((each) => `${each.kind} ${each.name}`),
        name,
      ).to.include(`${kind} ${name}`);
      for (const other of found.flatMap(({ seeAlso }) => seeAlso)) {
        expect(explain(other), `${name} → ${other}`).not.to.deep.equal([]);
      }
    }
  });

  it('takes a path as it is written in a file, in --set, in a schema, or only its end', () => {
    for (const path of ['spec.objects.size', 'objects.app-tls.size', 'objects[].size', 'objects[0].size', 'size']) {
      expect(explain(path).map(({ name }) => name)).to.deep.equal(['objects.size']);
    }
    expect(explain('KUBELET.SYNCFREQUENCY').map(({ name }) => name)).to.deep.equal(['kubelet.syncFrequency']);
    expect(explain('cluster.behaviours.idleStop').map(({ kind }) => kind)).to.deep.equal(['behaviour']);
    expect(explain('v1.29').map(({ kind }) => kind)).to.deep.equal(['release']);
    expect(explain('updates.csv.never_env')).to.deep.equal(explain('never_env'));
    expect(explain('objects.app-tls.sise')).to.deep.equal([]);
    expect(explain('kubelet.syncFrequency.more')).to.deep.equal([]);
  });

  it('tells default, unit, bounds, source and where a field is used', () => {
    const [field] = explain('kubelet.syncTickerPeriod');
    expect(field).to.deep.include({ default: '1s', source: 'kubelet.go syncLoop' });
    expect(field.type).to.contain('0s to 1m');
    expect(field.usedIn).to.include.members(['spec.kubelet.syncTickerPeriod', '--set kubelet.syncTickerPeriod=VALUE']);
    expect(explain('kubelet.kubeAPIQPS')[0]).to.deep.include({ unit: 'requests/s', releases: 'from 1.27 on' });
    expect(explain('apiServer.getQuorum')[0].default).to.equal('p50 1500us, p99 6700us');
    expect(explain('apiServer.getQuorum.p99')[0].source).to.contain('measured');
    expect(explain('factors')[0], 'its example names releases').not.to.have.property('releases');
    expect(explain('Cache')[0].meaning).to.contain('older than the node TTL');
    expect(explain('seed')[0].usedIn.join()).not.to.contain('factors');
    expect(explain('cluster.namespaces')[0].usedIn.join()).to.contain('presets: kind-3');
  });

  it('tells of things that only some experiments have', () => {
    expect(explain('delay_over_90s_share')[0]).to.deep.include({ kind: 'metric', unit: 'share' });
    expect(explain('load.requests_class_app-tls')).to.deep.equal([]);
    expect(explain('requests_class_app-tls')[0]).to.deep.include({ kind: 'column', unit: 'requests' });
  });

  describe('as a command', () => {
    let place: Workplace;
    before(async () => {
      place = await Workplace.make();
    });
    after(() => place.remove());

    it('lists what can be asked for', async () => {
      const { code, out } = await place.call(['explain']);
      expect(code).to.equal(0);
      for (const name of ['kubelet', 'delay_p99_s', 'updates.csv', 'idleStop', '1.20', 'sig-5000', 'last pod']) {
        expect(out).to.match(new RegExp(`[ ,]${name}[,\\n]`));
      }
      expect(Math.max(...out.split('\n').map((line) => line.length))).to.be.at.most(100);
    });

    it('prints facts, meaning and the fields below', async () => {
      const { out } = await place.call(['explain', 'kubelet.whatIf.adaptiveTTL']);
      expect(out).to.match(/^FIELD +kubelet\.whatIf\.adaptiveTTL\n/);
      expect(out)
        .to.match(/^DEFAULT +off$/m)
        .and.to.match(/^factor +.*\[0\.2\]$/m);
      const many = await place.call(['explain', 'rate']);
      expect(many.out)
        .to.match(/^\d things have this name/)
        .and.to.match(/^timeline\.drain\.rate {3}/m);
      const term = await place.call(['explain', 'last', 'pod']);
      expect(term.out).to.match(/^TERM +last pod\n/);
    });

    it('prints JSON', async () => {
      const one = JSON.parse((await place.call(['explain', 'delay_max_s', '-o', 'json'])).out) as object[];
      expect(one[0]).to.deep.include({ kind: 'metric', name: 'delay_max_s', unit: 's' });
      const all = JSON.parse((await place.call(['explain', '-o', 'json'])).out) as object[];
      expect(all).to.have.length(explainable().length);
    });

    it('offers the nearest name on a miss, with exit code 2, and does not repeat what was asked', async () => {
      const { code, out, err } = await place.call(['explain', 'syncFrequenzy']);
      expect(code).to.equal(2);
      expect(out).to.equal('');
      expect(err).to.contain('did you mean syncFrequency?').and.not.to.contain('Frequenzy');
      expect((await place.call(['explain', 'hunter2-hunter2'])).err).to.contain('nothing has this name (argument 2) (');
    });
  });
});
