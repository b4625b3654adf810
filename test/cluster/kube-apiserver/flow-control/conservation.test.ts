import { arrives } from './arrives.js';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  EXECUTE,
  FlowControl,
  NODE_HIGH,
  QUEUED,
  SYSTEM,
  WORKLOAD_LOW,
  type Level,
} from '../../../../src/cluster/kube-apiserver/flow-control.js';
import { behavioursOf } from '../../../../src/cluster/model/versions.js';

const LEVELS = [SYSTEM, NODE_HIGH, WORKLOAD_LOW] as const;

/** What a random client or server does next. */
type Action =
  | { type: 'arrive'; level: Level; flow: number; seats: number; mutating: boolean; watchers: number }
  | { type: 'finish' | 'release' | 'cancel'; pick: number }
  | { type: 'wait'; us: number }
  | { type: 'borrow' };

function actions(widest: number, watchers: number): fc.Arbitrary<Action[]> {
  const arrive = fc.record({
    type: fc.constant('arrive' as const),
    level: fc.constantFrom(...LEVELS),
    flow: fc.nat(3),
    seats: fc.integer({ min: 1, max: widest }),
    mutating: fc.boolean(),
    watchers: fc.nat(watchers),
  });
  const leave = fc.record({
    type: fc.constantFrom('finish' as const, 'release' as const, 'cancel' as const),
    pick: fc.nat(),
  });
  const wait = fc.record({ type: fc.constant('wait' as const), us: fc.nat(20_000) });
  return fc.array(
    fc.oneof(
      { weight: 12, arbitrary: arrive },
      { weight: 9, arbitrary: leave },
      { weight: 4, arbitrary: wait },
      { weight: 1, arbitrary: fc.constant({ type: 'borrow' as const }) },
    ),
    { maxLength: 250 },
  );
}

/** A client of flow control that knows where each of its requests stands. */
class Ledger {
  readonly control: FlowControl;
  now = 0;
  arrived = 0;
  finished = 0;
  readonly waiting = new Map<number, Level>();
  readonly executing = new Map<number, Level>();
  readonly lingering = new Map<number, Level>();

  constructor(release: '1.25' | '1.30', seats: number) {
    this.control = new FlowControl(behavioursOf(release, release), seats, 0);
  }

  act(action: Action): void {
    const { control } = this;
    if (action.type === 'arrive') this.arrive(action);
    else if (action.type === 'wait') this.now += action.us;
    else if (action.type === 'borrow') control.borrow(this.now);
    else if (action.type === 'finish') this.finish(action.pick);
    else if (action.type === 'release') {
      const id = pickFrom(this.lingering, action.pick);
      if (id < 0) return;
      control.release(id, this.now);
      this.lingering.delete(id);
    } else {
      const id = pickFrom(this.waiting, action.pick);
      if (id < 0) return;
      control.cancel(id, this.now);
      this.waiting.delete(id);
    }
    for (let id = control.next(this.now); id >= 0; id = control.next(this.now)) {
      const level = this.waiting.get(id);
      expect(level, `request ${id} waits`).to.not.equal(undefined);
      this.waiting.delete(id);
      this.started(id, level ?? SYSTEM);
    }
  }

  private arrive(action: Action & { type: 'arrive' }): void {
    const id = this.arrived++;
    const { level, flow, seats, mutating, watchers } = action;
    const decision = arrives(this.control, id, level, [flow, flow * 977], seats, mutating, this.now, watchers);
    if (decision === EXECUTE) this.started(id, level);
    else if (decision === QUEUED) this.waiting.set(id, level);
  }

  /** Nothing starts beyond the level's seats. */
  private started(id: number, level: Level): void {
    expect(this.control.seatsInUse(level)).to.be.at.most(this.control.currentLimit(level));
    this.executing.set(id, level);
  }

  private finish(pick: number): void {
    const id = pickFrom(this.executing, pick);
    if (id < 0) return;
    const level = this.executing.get(id) ?? SYSTEM;
    this.executing.delete(id);
    this.finished++;
    if (this.control.finish(id, this.now) > 0) this.lingering.set(id, level);
  }
}

function pickFrom(requests: Map<number, Level>, pick: number): number {
  const ids = [...requests.keys()];
  return ids.length === 0 ? -1 : ids[pick % ids.length];
}

function at(requests: Map<number, Level>, level: Level): number {
  return [...requests.values()].filter((other) => other === level).length;
}

describe('flow control under random requests', () => {
  for (const release of ['1.25', '1.30'] as const) {
    it(`knows where each request stands: executing, queued, rejected, cancelled or finished (${release})`, () => {
      fc.assert(
        fc.property(actions(4, 60), (sequence) => {
          const ledger = new Ledger(release, 24);
          for (const action of sequence) {
            ledger.act(action);
            const { control } = ledger;
            expect([control.executing, control.queued]).to.deep.equal([ledger.executing.size, ledger.waiting.size]);
            expect(
              ledger.executing.size + ledger.waiting.size + ledger.finished + control.rejected + control.cancelled,
            ).to.equal(ledger.arrived);
            for (const level of LEVELS) expect(control.queuedAt(level)).to.equal(at(ledger.waiting, level));
          }
        }),
        { seed: 11, numRuns: 150 },
      );
    });

    it(`lets none wait while a seat is free where each takes one (${release})`, () => {
      fc.assert(
        fc.property(actions(1, 0), (sequence) => {
          const ledger = new Ledger(release, 24);
          for (const action of sequence) {
            ledger.act(action);
            for (const level of LEVELS) {
              const { control } = ledger;
              expect(control.seatsInUse(level)).to.equal(at(ledger.executing, level));
              if (control.queuedAt(level) > 0)
                expect(control.seatsInUse(level)).to.be.at.least(control.currentLimit(level));
            }
          }
        }),
        { seed: 12, numRuns: 150 },
      );
    });
  }

  it('has all seats free when all are answered', () => {
    fc.assert(
      fc.property(actions(4, 60), (sequence) => {
        const ledger = new Ledger('1.30', 24);
        for (const action of sequence) ledger.act(action);
        while (ledger.executing.size + ledger.waiting.size + ledger.lingering.size > 0) {
          ledger.act({ type: 'finish', pick: 0 });
          ledger.act({ type: 'release', pick: 0 });
        }
        for (const level of LEVELS) expect(ledger.control.seatsInUse(level)).to.equal(0);
        expect(ledger.finished + ledger.control.rejected + ledger.control.cancelled).to.equal(ledger.arrived);
      }),
      { seed: 13, numRuns: 150 },
    );
  });
});
