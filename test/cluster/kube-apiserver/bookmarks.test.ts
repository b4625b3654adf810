import { mean } from 'd3-array';
import { expect } from 'chai';
import { BookmarkTimer } from '../../../src/cluster/kube-apiserver/bookmarks.js';
import { RandomStream } from '../../../src/sim/random.js';

const S = 1e6;
const CACHE = 0;
const HOUR = 3600 * S;

function timer(): BookmarkTimer {
  return new BookmarkTimer(1, RandomStream.fromSeed('bookmarks', 0));
}

/** All bookmarks of a watch, in order. */
function bookmarksOf(bookmarks: BookmarkTimer, start: number, deadline: number): number[] {
  const found: number[] = [];
  for (let end = deadline; ;) {
    const last = bookmarks.lastBefore(CACHE, start, deadline, end);
    if (last === -Infinity) return found.reverse();
    found.push(last);
    end = last;
  }
}

describe('the timer by which a watch cache sends bookmarks', () => {
  it('sends one each minute, up to a second before and 1.25 s after it is due, and one 2 s before the deadline', () => {
    const bookmarks = timer();
    for (let watch = 0; watch < 200; watch++) {
      const start = 1000 * S + watch * 0.317 * S;
      const deadline = start + 1800 * S;
      const sent = bookmarksOf(bookmarks, start, deadline);
      sent.forEach((at, i) => {
        const due = Math.min((i === 0 ? start : sent[i - 1]) + 60 * S, deadline - 2 * S);
        expect(at - due).to.be.within(-1 * S, 2.25 * S);
        if (due < deadline - 2 * S) expect(at - due).to.be.below(1.25 * S);
      });
      expect(sent[sent.length - 1]).to.be.above(deadline - 3 * S);
    }
  });

  it('sends the first one half a second early and 0.57 s late on average: the residual life of U[1, 1.25) s', () => {
    const bookmarks = timer();
    const firsts = Array.from({ length: 4000 }, (_, watch) => {
      const start = watch * 1.37 * S;
      return (bookmarks.lastBefore(CACHE, start, start + HOUR, start + 62 * S) - start) / S - 60;
    });
    // E[X²] / 2 E[X] of U[1, 1.25) is 0.5648; half a second is lost by whole seconds. A bookmark's standard deviation is 0.44 s.
    expect(mean(firsts)).to.be.closeTo(0.5648 - 0.5, (3.3 * 0.44) / Math.sqrt(firsts.length));
  });

  it('sends all of one second at the same instant', () => {
    const bookmarks = timer();
    bookmarks.begins(CACHE, 1000 * S);
    const at = (start: number): number => bookmarks.lastBefore(CACHE, start, start + HOUR, start + 62 * S);
    expect(at(1100.05 * S)).to.equal(at(1100.95 * S));
    expect(at(1101.05 * S)).to.be.above(at(1100.95 * S));
  });

  it('has sent none to a watch that is younger than a minute', () => {
    expect(timer().lastBefore(CACHE, 100 * S, HOUR, 158.9 * S)).to.equal(-Infinity);
  });

  it('sends none after the one before the deadline', () => {
    const bookmarks = timer();
    const sent = bookmarksOf(bookmarks, 100 * S, 130 * S);
    expect(sent).to.have.lengthOf(1);
    expect(sent[0]).to.be.within(127 * S, 130.25 * S);
  });
});
