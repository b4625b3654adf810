import { expect } from 'chai';
import fc from 'fast-check';
import { durationUs, formatDuration, parseDuration } from '../../../../src/experiment/language/values/durations.js';

function reason(text: string): string {
  const result = parseDuration(text);
  return result.ok ? `accepted as ${result.value}` : result.reason;
}

describe('durations', () => {
  it('are read as Go writes them, in microseconds', () => {
    expect(durationUs('90s')).to.equal(90_000_000);
    expect(durationUs('1m30s')).to.equal(90_000_000);
    expect(durationUs('24h')).to.equal(86_400_000_000);
    expect(durationUs('250ms')).to.equal(250_000);
    expect(durationUs('1.5h')).to.equal(5_400_000_000);
    expect(durationUs('0.68ms')).to.equal(680);
    expect(durationUs('500us')).to.equal(500);
    expect(durationUs('500µs')).to.equal(500);
    expect(durationUs('3000ns')).to.equal(3);
    expect(durationUs('0s')).to.equal(0);
    expect(durationUs('0')).to.equal(0);
  });

  it('need a unit that Go knows', () => {
    expect(reason('90')).to.match(/^the unit is missing/);
    expect(reason('1d')).to.match(/^unknown unit; Go has no days: write 24h/);
    expect(reason('5min')).to.match(/^unknown unit \(/);
    expect(reason('5 s')).to.match(/^a duration is written as in Go/);
    expect(reason('s')).to.match(/^a duration is written as in Go/);
    expect(reason('')).to.match(/^a duration is written as in Go/);
    expect(reason('1h1')).to.match(/^a duration is written as in Go/);
    expect(reason('1m 30s')).to.match(/^a duration is written as in Go/);
    expect(reason('9'.repeat(100) + 's')).to.match(/^a duration is written as in Go/);
    expect(reason('constructor')).to.match(/^a duration is written as in Go/);
    expect(reason('1constructor')).to.match(/^unknown unit \(/);
  });

  it('are not negative, not finer than the clock, and not longer than it counts', () => {
    expect(reason('-5s')).to.equal('a duration cannot be negative');
    expect(reason('1ns')).to.match(/^finer than a microsecond/);
    expect(reason('0.0000001s')).to.match(/^finer than a microsecond/);
    expect(reason('99999999999h')).to.match(/^too long/);
  });

  it('are exact where decimal fractions are not', () => {
    expect(durationUs('0.1s')).to.equal(100_000);
    expect(durationUs('1.1s')).to.equal(1_100_000);
    expect(durationUs('4.35s')).to.equal(4_350_000);
  });

  it('are written so that they read back as they were', () => {
    expect(formatDuration(5_400_000_000)).to.equal('1h30m');
    expect(formatDuration(1_500_000)).to.equal('1.5s');
    expect(formatDuration(1_500)).to.equal('1.5ms');
    expect(formatDuration(0)).to.equal('0s');
    fc.assert(
      fc.property(fc.maxSafeNat(), (us) => {
        expect(durationUs(formatDuration(us))).to.equal(us);
      }),
    );
  });

  it('add up over their components in any order', () => {
    const component = fc.tuple(fc.nat(10_000), fc.constantFrom('h', 'm', 's', 'ms', 'us'));
    fc.assert(
      fc.property(fc.array(component, { minLength: 1, maxLength: 5 }), (components) => {
        const texts = components.map(([count, unit]) => `${count}${unit}`);
        const sum = texts.reduce((total, text) => total + durationUs(text), 0);
        expect(durationUs(texts.join(''))).to.equal(sum);
        expect(durationUs(texts.reverse().join(''))).to.equal(sum);
      }),
    );
  });

  it('never come from arbitrary text by accident', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const looksLikeOne = /^(0|(\d+(\.\d+)?(ns|us|µs|μs|ms|s|m|h))+)$/.test(text);
        expect(parseDuration(text).ok && !looksLikeOne).to.equal(false);
      }),
    );
  });
});
