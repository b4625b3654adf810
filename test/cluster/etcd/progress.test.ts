import { expect } from 'chai';
import { ProgressNotifications } from '../../../src/cluster/etcd/progress.js';
import { behavioursOf } from '../../../src/cluster/model/versions.js';
import type { RunInput } from '../../../src/cluster/model/model-input.js';
import { RandomStream } from '../../../src/sim/random.js';

const S = 1e6;
/** Two watch caches of one server. */
const SECRETS = 0;
const CONFIG_MAPS = 1;
/** No writes. */
const NOTHING = new Float64Array();

function notifications(release: '1.20' | '1.36', caches = 2, intervalUs = 5 * S): ProgressNotifications {
  const etcd = { watch: { p50Us: 0, p99Us: 0 }, watchProgressNotifyIntervalUs: intervalUs };
  const input: Pick<RunInput, 'behaviours' | 'etcd'> = { behaviours: behavioursOf(release, release), etcd };
  return new ProgressNotifications(caches, input, RandomStream.fromSeed('progress', 0));
}

/** The instants before `end` at which a watch cache is told, found by the version that it knows just after each microstep. */
function ticks(progress: ProgressNotifications, cache: number, end: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < end;) {
    const next = progress.tellsAt(cache, at);
    found.push(next);
    at = next + 1;
  }
  return found;
}

describe('what etcd tells API servers of its progress', () => {
  it('comes each 5 s and up to a tenth more, as drawn once for each watch cache', () => {
    const progress = notifications('1.36', 20);
    const intervals = Array.from({ length: 20 }, (_, cache) => {
      const [first, second, third] = ticks(progress, cache, 20 * S);
      expect(third - second).to.equal(second - first);
      return second - first;
    });
    for (const interval of intervals) expect(interval).to.be.within(5 * S, 5.5 * S);
    expect(new Set(intervals)).to.have.lengthOf(20);
    const phases = Array.from({ length: 20 }, (_, cache) => progress.tellsAt(cache, 0));
    expect(Math.max(...phases) - Math.min(...phases), 'servers are told at different times').to.be.above(2.5 * S);
  });

  it('is what a server knows from a tick on until the next one', () => {
    const progress = notifications('1.36');
    const [tick, next] = ticks(progress, SECRETS, 20 * S);
    expect(progress.toldBefore(SECRETS, NOTHING, tick)).to.equal(tick);
    expect(progress.toldBefore(SECRETS, NOTHING, next - 1)).to.equal(tick);
    expect(progress.tellsAt(SECRETS, tick + 1)).to.equal(next);
  });

  it('begins with the process: until the first tick a server knows the list that it began with', () => {
    const progress = notifications('1.36');
    progress.begins(SECRETS, 90 * S, 100 * S);
    const first = progress.tellsAt(SECRETS, 91 * S);
    expect(first).to.be.within(105 * S, 105.5 * S);
    expect(progress.toldBefore(SECRETS, NOTHING, first - 1)).to.equal(90 * S);
    expect(progress.toldBefore(SECRETS, NOTHING, first)).to.equal(first);
  });

  it('comes at once where etcd is asked, and is forgotten with the process', () => {
    const progress = notifications('1.36', 2, 600 * S);
    progress.begins(SECRETS, 90 * S, 100 * S);
    progress.asks(SECRETS, 130 * S);
    progress.asks(SECRETS, 150 * S);
    expect([129, 130, 149, 151].map((at) => progress.toldBefore(SECRETS, NOTHING, at * S) / S)).to.deep.equal([
      90, 130, 130, 150,
    ]);
    expect(progress.toldBefore(CONFIG_MAPS, NOTHING, 151 * S), 'another kind').to.be.below(90 * S);
    progress.begins(SECRETS, 200 * S, 210 * S);
    expect(progress.toldBefore(SECRETS, NOTHING, 220 * S)).to.equal(200 * S);
  });

  it('tells nothing where the resource has had an event since the tick before', () => {
    const progress = notifications('1.36');
    const [first, second, third, fourth] = ticks(progress, SECRETS, 30 * S);
    const writes = Float64Array.of(first + 1, second + 2);
    expect(progress.toldBefore(SECRETS, writes, first)).to.equal(first);
    expect(progress.toldBefore(SECRETS, writes, second)).to.equal(first);
    expect(progress.toldBefore(SECRETS, writes, fourth - 1), 'and the third follows another one').to.equal(first);
    expect(progress.toldBefore(SECRETS, writes, fourth)).to.equal(fourth);
    expect(third).to.be.below(fourth);
  });

  it('does not come before 1.21', () => {
    const progress = notifications('1.20');
    expect(progress.toldBefore(SECRETS, NOTHING, 100 * S)).to.equal(-Infinity);
    expect(progress.tellsAt(SECRETS, 100 * S)).to.equal(Infinity);
  });
});
