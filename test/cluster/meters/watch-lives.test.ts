import { expect } from 'chai';
import { BOOKMARKS } from '../../../src/cluster/kube-apiserver/bookmarks.js';
import { Load } from '../../../src/cluster/meters/load.js';
import { ReadTally } from '../../../src/cluster/meters/read-tally.js';
import { WatchLives } from '../../../src/cluster/meters/watch-lives.js';
import { randomnessOf } from '../../../src/cluster/model/randomness.js';
import { inputOf } from '../scenario.js';

const PAGE = 2 ** 16;
/** Classes of objects, whose WATCHes are counted apart. */
const KINDS = 9;
const LAWS = { minWatchTimeoutS: 300, gapUs: 500 };

function livesIn(mostBytes: number): WatchLives {
  const input = inputOf({ duration: 3600 });
  const load = new Load(input, KINDS, BOOKMARKS);
  const tally = new ReadTally(load, input.apiServer.costs);
  for (let objectClass = 0; objectClass < KINDS; objectClass++) {
    tally.begin();
    tally.addWatch(0, objectClass);
    tally.end();
  }
  return new WatchLives({ load, tally, random: randomnessOf('seed', 1) }, mostBytes);
}

describe('the lives of watches that are walked at once', () => {
  it('are left to whoever walks one after another where their counts find no room', () => {
    const lives = livesIn(PAGE - 1);
    expect(lives.begin(LAWS)).to.equal(false);
    expect(lives.begin(LAWS), 'asked again').to.equal(false);
  });

  it('are so, too, where the WATCHes of one more kind find none', () => {
    const lives = livesIn(6 * PAGE);
    expect(lives.begin(LAWS)).to.equal(true);
    const places = Array.from({ length: KINDS }, (_, kind) => lives.opensOf(kind, 0));
    expect(places[0]).to.be.above(0);
    expect(places[KINDS - 1]).to.equal(-1);
    expect(lives.opensOf(0, 0), 'those that had room').to.equal(places[0]);
    lives.settle();
  });

  it('are not walked so where the law does not allow it', () => {
    const lives = livesIn(2 ** 28);
    expect(lives.begin({ ...LAWS, gapUs: 0.5 })).to.equal(false);
    expect(lives.begin({ ...LAWS, gapUs: 2 ** 31 })).to.equal(false);
    for (const minWatchTimeoutS of [0.5, 62, 300.5, 2 ** 14 + 1]) {
      expect(lives.begin({ ...LAWS, minWatchTimeoutS }), `${minWatchTimeoutS} s`).to.equal(false);
    }
    expect(lives.begin(LAWS)).to.equal(true);
    lives.settle();
  });
});
