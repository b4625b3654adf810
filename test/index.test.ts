import { expect } from 'chai';
import * as library from '../src/index.js';

describe('the library', () => {
  it('does what the command line does', () => {
    expect(library).to.include.keys(
      'loadExperiment',
      'simulate',
      'runExperiment',
      'runToFolder',
      'writeResults',
      'answerTable',
      'judgeSlos',
      'importCluster',
      'jsonSchema',
      'PRESETS',
      'InputError',
      'OutputError',
    );
  });
});
