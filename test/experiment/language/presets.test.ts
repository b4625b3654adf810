import { expect } from 'chai';
import { clusterSize, type ClusterSize } from '../../../src/experiment/language/cluster-size.js';
import { findPreset, PRESETS } from '../../../src/experiment/language/presets.js';
import { experimentWith, TemporaryFiles } from '../temporary-files.js';

describe('the presets', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());
  const size = async (preset: string): Promise<ClusterSize> => {
    const { scenarios } = await files.load(experimentWith(`preset: ${preset}`));
    return clusterSize(scenarios[0].input.cluster);
  };

  it('are valid, have different names, and say where they come from', async () => {
    for (const { name, description, source } of PRESETS) {
      expect((await size(name)).nodes, name).to.be.greaterThan(0);
      expect(description, name).not.to.match(/\n|\.$/);
      expect(source, name).not.to.equal('');
      expect(findPreset(name)?.name).to.equal(name);
    }
    expect(new Set(PRESETS.map(({ name }) => name)).size).to.equal(PRESETS.length);
    expect(findPreset('nobody')).to.equal(undefined);
  });

  it('include those that users know by name', () => {
    const names = PRESETS.map(({ name }) => name);
    expect(names).to.include.members([
      'kind-3',
      'small-100',
      'ibm-105',
      'openshift-250',
      'hcp-348',
      'jobs-1node',
      'csi-250',
      'sig-5000',
      'sig-5000-all-mutable',
      'own-5000',
      'own-100k',
      'arktos-25k',
      'gke-15k',
      'gke-65k',
      'eks-100k',
      'ai-7500x1',
    ]);
  });

  it('sig-5000 has the published counts', async () => {
    const { pods, objects } = await size('sig-5000');
    expect(pods).to.equal(150_000);
    expect(objects).to.equal(15_000 + 15_000 + 10_000);
  });

  it('own-5000 has 600,000 consumers', async () => {
    expect(await size('own-5000')).to.deep.equal({
      nodes: 5000,
      pods: 150_000,
      objects: 150_000 + 150_000 + 1 + 100,
      consumers: 600_000,
    });
  });

  it('ibm-105 has the published objects', async () => {
    const { pods, objects } = await size('ibm-105');
    expect(pods).to.be.closeTo(13_000, 50);
    expect(objects).to.equal(13_020 + 13_020 + 200);
  });
});
