import { expect } from 'chai';
import {
  formatSeconds,
  ProgressLine,
  progressText,
  type ProgressStream,
} from '../../../src/experiment/execution/progress.js';

class Recorder implements ProgressStream {
  readonly isTTY: boolean;
  readonly columns = 59;
  text = '';

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

describe('progress', () => {
  it('tells runs, percent, elapsed time and time left', () => {
    const text = progressText('rotation', { total: 30, done: 12, failed: 0, resumed: 0 }, 72);
    expect(text).to.equal('rotation: 12/30 runs, 40 %, elapsed 1m12s, left 1m48s');
  });

  it('counts what is done of runs that are under way', () => {
    const one = { total: 1, done: 0, failed: 0, resumed: 0, underWay: () => 0.25 };
    expect(progressText('large', one, 5)).to.equal('large: 0/1 runs, 25 %, elapsed 5s, left 15s');
    const resumed = { total: 30, done: 20, failed: 0, resumed: 10, underWay: () => 1.5 };
    expect(progressText('rotation', resumed, 23)).to.equal(
      'rotation: 20/30 runs, 71 %, 10 resumed, elapsed 23s, left 17s',
    );
  });

  it('does not take resumed runs for speed', () => {
    const text = progressText('rotation', { total: 30, done: 20, failed: 1, resumed: 10 }, 60);
    expect(text).to.equal('rotation: 20/30 runs, 66 %, 10 resumed, 1 failed, elapsed 1m00s, left 1m00s');
  });

  it('tells no time left before the first run and after the last', () => {
    expect(progressText('r', { total: 2, done: 0, failed: 0, resumed: 0 }, 5)).not.to.contain('left');
    expect(progressText('r', { total: 2, done: 2, failed: 0, resumed: 0 }, 5)).not.to.contain('left');
  });

  it('writes durations briefly', () => {
    expect([0, 59.4, 59.6, 187, 3600, 7500].map(formatSeconds)).to.deep.equal([
      '0s',
      '59s',
      '1m00s',
      '3m07s',
      '1h00m',
      '2h05m',
    ]);
  });

  it('redraws one line on a terminal, cut to its width, and clears it at the end', () => {
    const stream = new Recorder(true);
    const line = new ProgressLine('rotation', stream, () => 0);
    line.update({ total: 4, done: 1, failed: 0, resumed: 0 });
    line.stop();
    expect(stream.text).to.equal(`\r\u001b[K[█████${'░'.repeat(15)}] rotation: 1/4 runs, 25 %, elapsed 0\r\u001b[K`);
    expect(stream.text).not.to.contain('\n');
  });

  describe('without a terminal', () => {
    /** The lines of 100 runs that take so long each. */
    function linesOf(secondsPerRun: number): readonly string[] {
      const stream = new Recorder(false);
      let now = 0;
      const line = new ProgressLine('rotation', stream, () => now);
      for (let done = 0; done <= 100; done++) {
        now = done * secondsPerRun;
        line.update({ total: 100, done, failed: 0, resumed: 0 });
      }
      line.update({ total: 100, done: 100, failed: 0, resumed: 0 });
      line.stop();
      expect(stream.text).not.to.contain('\u001b').and.not.to.contain('\r');
      return stream.text.trimEnd().split('\n');
    }

    it('is a plain line at each tenth of the runs', () => {
      const lines = linesOf(0.5);
      expect(lines).to.have.lengthOf(10);
      expect(lines[0]).to.equal('rotation: 10/100 runs, 10 %, elapsed 5s, left 45s');
      expect(lines[9]).to.equal('rotation: 100/100 runs, 100 %, elapsed 50s');
    });

    it('is a line every ten seconds where runs take long', () => {
      const lines = linesOf(5);
      expect(lines).to.have.lengthOf(50);
      expect(lines[0]).to.match(/^rotation: 2\/100 runs, 2 %, elapsed 10s/);
    });

    it('is only the last line where all is over in a moment', () => {
      expect(linesOf(0.005)).to.deep.equal(['rotation: 100/100 runs, 100 %, elapsed 1s']);
    });
  });
});
