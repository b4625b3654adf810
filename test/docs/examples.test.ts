import { expect } from 'chai';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { TemporaryFiles } from '../experiment/temporary-files.js';
import { blocksOf, pageOf } from './pages.js';

const HEAD = 'apiVersion: secretsim/v1\nkind: Experiment\nspec:\n';

describe('the experiment on the page about formats', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());
  const [whole, ...pieces] = blocksOf(pageOf('docs/formats.md'), 'yaml');

  it('loads, alone and with each of the pieces below it laid over it', async () => {
    const base = files.write('whole.yaml', whole);
    expect((await loadExperiment([base])).scenarios).to.have.length(12);
    expect(pieces).to.have.length(3);
    for (const [index, piece] of pieces.entries()) {
      const text = HEAD + piece.replaceAll(/^/gm, '  ');
      const { warnings } = await loadExperiment([base, files.write(`piece-${index}.yaml`, text)]);
      expect(warnings, text).to.deep.equal([]);
    }
  });

  it('stands on a page that can be read at one sitting, the README', () => {
    expect(pageOf('README.md').text.split('\n').length).to.be.at.most(165);
  });
});
