import { expect } from 'chai';
import fc from 'fast-check';
import { visible, visibleLines } from '../../src/experiment/language/values/visible.js';
import { Workplace } from '../cli/command.js';
import { list, node, pod, secret } from '../import/kubernetes.js';
import { runInProcess } from './in-process.js';
import { anyCharacter, anyText } from '../any-text.js';

/** What must not reach a terminal; lines and tabs are no danger between what was cleaned. */
const ACTS = /(?!\n|\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Workers cost more than these runs. */
const QUIET = ['--quiet', '--workers', '1'];

/** Sequences of control characters of both sets, a bidi override, and what is not seen. */
const HOSTILE = [
  '\u001b]0;t\u0007\u001b[31mx',
  '\u009b2Jx',
  '\u202egnp\u2066',
  '\u200bx\ufeff',
  'x\rroot',
  'x\u0000',
  'x\u2028y',
];

describe('text for a terminal', () => {
  it('has nothing that acts or is not seen, and keeps all that is', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(visible(text)).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(visibleLines(text)).not.to.match(ACTS);
        expect(visible(visible(text))).to.equal(visible(text));
      }),
      { seed: 1, numRuns: 2000 },
    );
    expect(visible('größe ±½ 秘密 🔑')).to.equal('größe ±½ 秘密 🔑');
  });

  it('is the same JSON as before', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: anyCharacter }), (text) => {
        expect(JSON.parse(visibleLines(JSON.stringify(JSON.parse(text), null, 2)))).to.deep.equal(JSON.parse(text));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});

describe('names that a terminal would act on', () => {
  let place: Workplace;
  before(async () => {
    place = await Workplace.make();
  });
  after(() => place.remove());

  async function expectHarmless(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await runInProcess(args);
    expect(err, args.join(' ')).not.to.contain('internal error');
    expect(out.replace(/^\uFEFF/, ''), args.join(' ')).not.to.match(ACTS);
    expect(err, args.join(' ')).not.to.match(ACTS);
    expect(code, err).to.be.oneOf([0, 2]);
    return out;
  }

  it('are cleaned in the answers, tables and messages of every command that reads a dump', async () => {
    for (const [index, text] of HOSTILE.entries()) {
      const of = (name: string): string => `${place.path}/${index}-${name}`;
      const owner = { ownerReferences: [{ kind: 'ReplicaSet', name: `we${text}b`, controller: true }] };
      // Of an object's own name the import refuses the control characters.
      const name = /\p{Cc}/u.test(text) ? 's' : `s${text}`;
      const volumes = [
        { name: 'u', secret: { secretName: name } },
        { name: 'v', secret: { secretName: `r${text}` } },
        { name: 'w', secret: { secretName: 'tls' } },
      ];
      const spec = {
        volumes,
        containers: [{ env: [{ name: 'x', valueFrom: { secretKeyRef: { name: `r${text}` } } }] }],
      };
      const dump = list(
        node('node-1'),
        pod('p', spec, owner),
        secret(name, { k: 'eA==' }),
        secret('tls', { k: 'eA==' }),
      );
      await place.write(`${index}-dump.json`, dump);
      for (const format of ['table', 'json', 'csv']) {
        await expectHarmless('advise', of('dump.json'), '-o', format);
      }
      await expectHarmless('advise', of('dump.json'), '-f', of('patch.sh'));
      expect(await place.read(`${index}-patch.sh`)).not.to.match(ACTS);
      await expectHarmless('import', '--cluster', of('dump.json'), '-f', of('x.yaml'));
      await expectHarmless('run', of('x.yaml'), '--dry-run', '--set', `timeline.0.update="shop/s${text}"`);
    }
  }).timeout(30_000);

  it('are cleaned of an experiment and its results', async () => {
    for (const [index, text] of HOSTILE.entries()) {
      const experiment = {
        apiVersion: 'secretsim/v1',
        kind: 'Experiment',
        metadata: { name: `x${index}`, question: `why ${text}?` },
        spec: {
          seed: text,
          replications: 1,
          warmup: '1s',
          duration: '1m',
          cluster: { nodes: 1, podsPerNode: 1, namespaces: 1 },
          objects: [{ name: `o${text}`, kind: 'Secret', scope: 'cluster' }],
          timeline: [{ id: `t${text}`, at: '1s', update: `o${text}` }],
          factors: { [`timeline["t${text}"].at`]: ['1s', '2s'] },
        },
      };
      await place.write('x.json', JSON.stringify(experiment));
      const out = `${place.path}/r${index}`;
      for (const format of ['table', 'json', 'csv']) {
        await expectHarmless('run', `${place.path}/x.json`, '--out', out, '--force', ...QUIET, '-o', format);
      }
      await expectHarmless('run', `${place.path}/x.json`, '--dry-run');
      await expectHarmless('run', `${place.path}/x.json`, '--out', out, '--set', 'seed=b', ...QUIET);
      if ((await place.list(`r${index}`)) !== null) await expectHarmless('compare', out, out);
    }
  }).timeout(60_000);
});
