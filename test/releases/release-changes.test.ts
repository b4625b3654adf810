import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { RELEASES } from '../../src/cluster/model/releases.js';
import { DEFAULTS, SWITCHES } from '../../src/cluster/model/switches/switches.js';
import type { Switch } from '../../src/cluster/model/switches/switch.js';
import { behaviourDifferences } from '../../src/releases/behaviour-differences.js';
import { releasesMarkdown } from '../../src/releases/markdown.js';
import { allChanges, changesBetween, changesWith } from '../../src/releases/release-changes.js';

const namesOf = (changes: readonly { readonly name: string }[]): string[] => changes.map(({ name }) => name);

describe('what changes by release', () => {
  it('is each step of each switch and default, once, with its effect and its source', () => {
    const steps = Object.entries<Switch>({ ...SWITCHES, ...DEFAULTS }).flatMap(([name, { by }]) =>
      by.slice(1).map(([release]) => `${release} ${name}`),
    );
    const listed = allChanges()
      .filter(({ component, after }) => component !== null && after !== 'the gate is locked')
      .map(({ release, name }) => `${release} ${name}`);
    expect(listed.toSorted()).to.deep.equal(steps.toSorted());
    for (const { effect, source } of allChanges()) expect(effect !== '' && source !== '').to.equal(true);
  });

  it('is nothing with the oldest release, and between a release and itself', () => {
    expect(changesWith('1.20')).to.deep.equal([]);
    for (const release of RELEASES) expect(changesBetween(release, release)).to.deep.equal([]);
  });

  it('is all that differs between two releases, told in the order that was asked for', () => {
    const up = changesBetween('1.28', '1.34').filter(({ component }) => component !== null);
    const down = changesBetween('1.34', '1.28').filter(({ component }) => component !== null);
    expect(namesOf(up)).to.include.members([
      'cacheInvalidation',
      'minWatchTimeout',
      'cacheNotReady',
      'unreadyRetryAfter',
    ]);
    expect(namesOf(down)).to.deep.equal(namesOf(up));
    expect(down.map(({ before, after }) => [after, before])).to.deep.equal(
      up.map(({ before, after }) => [before, after]),
    );
  });

  it('tells one difference where a switch has changed twice, by the newer release', () => {
    const [change] = changesBetween('1.20', '1.37').filter(({ name }) => name === 'cacheInvalidation');
    expect(change.release).to.equal('1.29');
    expect(change.before).to.include('podEvent');
    expect(change.after).to.include('firstReference');
  });

  it('names gates that were locked, and what is not modelled', () => {
    const names = namesOf(changesWith('1.37'));
    expect(names).to.include.members([
      'plegOnDemandRelist',
      'readyWaitsForCaches',
      'WatchListCompression',
      'concurrentDecode',
    ]);
  });
});

describe('what the releases of two clusters set differently', () => {
  it('goes by the kubelets where these have the mechanism', () => {
    const differences = behaviourDifferences({ server: '1.34', kubelet: '1.31' }, { server: '1.34', kubelet: '1.34' });
    expect(namesOf(differences)).to.deep.equal([]);
    const upgraded = behaviourDifferences({ server: '1.31', kubelet: '1.28' }, { server: '1.31', kubelet: '1.31' });
    expect(namesOf(upgraded)).to.deep.equal(['cacheInvalidation', 'minWatchTimeout']);
  });
});

describe('the page of all changes', () => {
  it('is the committed one: secretsim releases --markdown > experiments/releases/behaviours.md', async () => {
    const page = new URL('../../../experiments/releases/behaviours.md', import.meta.url);
    expect(await readFile(page, 'utf8')).to.equal(releasesMarkdown());
  });
});
