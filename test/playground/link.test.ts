import { expect } from 'chai';
import fc from 'fast-check';
import { PRESETS } from '../../src/experiment/language/presets.js';
import type { DumpedCluster } from '../../src/playground/dumped-cluster.js';
import { clusterOfPreset } from '../../src/playground/knobs.js';
import { linkOf, readLink, type Setting, settingOf } from '../../src/playground/link.js';
import { KNOBS, SETTINGS } from './settings.js';

const NAMES = ['kraken-payments/db-credentials', 'kraken-shop/tls', 'kraken-ops/token'];
const DUMP: DumpedCluster = {
  type: 'dump',
  file: 'kraken-prod.json.gz',
  nodes: 3,
  pods: 7,
  targets: NAMES.map((object, index) => ({ object, kind: 'Secret', pods: 7 - index })),
  release: '1.31',
  apiServers: 3,
  warnings: ['of kraken-node-1 nothing is known'],
};

/** Any knobs on the dumped cluster. What counts say has no meaning there, and is what it always is. */
const DUMPED: fc.Arbitrary<Setting> = fc
  .record({ knobs: KNOBS, rotated: fc.constantFrom(...NAMES) })
  .map(({ knobs, rotated }) => ({ cluster: DUMP, knobs: { ...knobs, rotated } }));

/** Both settings of a link, with the dump at hand. */
function opened(link: string): readonly (Setting | null)[] {
  const state = readLink(link);
  if (state === null) return [];
  expect(state.problems).to.deep.equal([]);
  return [state.now, ...(state.pinned === null ? [] : [state.pinned])].map((each) => settingOf(each, DUMP));
}

describe('a link to the playground', () => {
  it('has both settings, whatever the knobs say', () => {
    fc.assert(
      fc.property(fc.oneof(SETTINGS, DUMPED), fc.option(fc.oneof(SETTINGS, DUMPED)), (now, pinned) => {
        expect(opened(linkOf(now, pinned))).to.deep.equal(pinned === null ? [now] : [now, pinned]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('has nothing of a dump: no name in it, not the name of its file', () => {
    fc.assert(
      fc.property(DUMPED, fc.option(DUMPED), (now, pinned) => {
        expect(decodeURIComponent(linkOf(now, pinned))).to.not.contain('kraken');
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('is short where the knobs are where the preset has them', () => {
    const cluster = clusterOfPreset(PRESETS[0]);
    expect(linkOf({ cluster, knobs: cluster.start }, null)).to.equal(`preset=${cluster.name}`);
  });

  it('waits for the dump that it is of', () => {
    const state = readLink(
      linkOf({ cluster: DUMP, knobs: { ...clusterOfPreset(PRESETS[0]).start, rotated: NAMES[1] } }, null),
    );
    if (state === null) throw new Error('no link');
    expect(settingOf(state.now, null)).to.equal(null);
    expect(settingOf(state.now, DUMP)?.knobs.rotated).to.equal(NAMES[1]);
    // Another dump, with fewer Secrets.
    const other = { ...DUMP, targets: [{ object: 'a/b', kind: 'Secret' as const, pods: 1 }] };
    expect(settingOf(state.now, other)?.knobs.rotated).to.equal('a/b');
  });

  it('says what it cannot read, by knob, and leaves it out', () => {
    const state = readLink('preset=small-100&strategy=Push&apiServers=0&nodes=7&slo=&syncFrequency=1d&rotated=nobody');
    expect(state?.problems).to.deep.equal([
      "the link's strategy cannot be read: expected one of Watch, Cache, Get",
      "the link's syncFrequency cannot be read: expected a duration from 1s to 24h",
      "the link's apiServers cannot be read: expected a whole number from 1 to 100",
    ]);
    expect(state?.now.knobs).to.deep.equal({ nodes: 7, slo: '' });
    expect(readLink('presets=x')?.problems[0]).to.contain('names no cluster that there is');
    expect(readLink('')).to.equal(null);
  });
});
