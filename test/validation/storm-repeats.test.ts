import { expect } from 'chai';
import { openLaboratory, shippedLaboratories } from '../../src/validation/laboratory.js';
import { besideRepeats, isRepeat } from '../../src/validation/storm-repeats.js';
import { measuredStorm } from '../../src/validation/measured-storm.js';

describe('storms that were measured more than once', () => {
  it('are those of the same release, clients and way to begin: of the shipped ones, three of 2,500', () => {
    const storms = shippedLaboratories()
      .filter((folder) => /(storm|lists)-2500/.test(folder))
      .map((folder) => openLaboratory(folder))
      .map((laboratory) => ({ laboratory, storm: measuredStorm(laboratory) }));
    const repeats = storms.map((one) =>
      storms.filter((each) => isRepeat(one, each)).map(({ laboratory }) => laboratory.name),
    );
    const three = ['1.37-storm-2500', '1.37-storm-2500-b', '1.37-storm-2500-c'];
    expect(repeats).to.deep.equal([['1.37-lists-2500'], three, three, three]);
  });

  it('are not those of a server with other cores', () => {
    const [one, other] = ['storm-5000-c', 'two-cores-5000']
      .map((name) => shippedLaboratories().find((folder) => folder.endsWith(`1.37-${name}`)) ?? '')
      .map((folder) => openLaboratory(folder))
      .map((laboratory) => ({ laboratory, storm: measuredStorm(laboratory) }));
    expect([one, other].map(({ storm }) => storm.serverCores)).to.deep.equal([1, 2]);
    expect(isRepeat(one, { ...other, storm: { ...one.storm, serverCores: 2 } })).to.equal(false);
    expect(isRepeat(one, { ...other, storm: one.storm })).to.equal(true);
  });

  it('are said beside the reason of a row that misses, or are the reason where the simulated mean is among them', () => {
    expect(besideRepeats([5, 6, 5.5], 's', { simulated: 7 }, 'too late')).to.equal(
      'too late; 3 measurements gave 5 to 6 s',
    );
    expect(besideRepeats([40, 60], '1', { simulated: 50 }, 'too few')).to.equal(
      'the simulated mean is among what was measured: 2 measurements gave 40 to 60',
    );
  });

  it('explain nothing where nothing is known, and a single measurement has no range', () => {
    expect(besideRepeats([5, 6], 's', { simulated: 7 }, '')).to.equal('');
    expect(besideRepeats([5], 's', { simulated: 5 }, 'too late')).to.equal('too late');
  });
});
