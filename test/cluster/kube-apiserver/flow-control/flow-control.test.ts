import { arrives } from './arrives.js';
import { expect } from 'chai';
import {
  EXECUTE,
  EXEMPT,
  FlowControl,
  NODE_HIGH,
  QUEUE_WAIT_LIMIT_US,
  QUEUED,
  queueWaitLimitUs,
  REJECTED,
  SYSTEM,
  WORKLOAD_LOW,
} from '../../../../src/cluster/kube-apiserver/flow-control.js';
import { CATCH_ALL } from '../../../../src/cluster/kube-apiserver/flow-control/priority-levels.js';
import { behavioursOf } from '../../../../src/cluster/model/versions.js';
import { drain, flowAt, flowControl, send } from './server.js';

const NODE = flowAt(0);
const OTHER_NODE = flowAt(10);

describe('seats and queues of a priority level', () => {
  it('let 74 requests of the level system execute, 300 of one node wait in its six queues, and reject the next', () => {
    const control = flowControl('1.25');
    expect(send(control, SYSTEM, NODE, 0, 400, 0)).to.deep.equal({ executed: 74, queued: 300, rejected: 26 });
    expect(control.seatsInUse(SYSTEM)).to.equal(74);
    expect(control.queued).to.equal(300);
    expect(control.rejected).to.equal(26);
    // Another node has queues of its own.
    expect(send(control, SYSTEM, OTHER_NODE, 400, 400, 0)).to.deep.equal({ executed: 0, queued: 300, rejected: 100 });
    // One that shares five of its six queues with the first has 50 places left.
    expect(send(control, SYSTEM, flowAt(1), 800, 400, 0)).to.deep.equal({ executed: 0, queued: 50, rejected: 350 });
  });

  it('keep levels apart: nodes’ leases are served although their Secrets wait', () => {
    const control = flowControl('1.25');
    send(control, SYSTEM, NODE, 0, 400, 0);
    expect(send(control, NODE_HIGH, NODE, 400, 98, 0)).to.deep.equal({ executed: 98, queued: 0, rejected: 0 });
    expect(send(control, NODE_HIGH, NODE, 500, 1, 0).queued).to.equal(1);
  });

  it('put leases into the level system up to 1.21', () => {
    const control = flowControl('1.21');
    expect(send(control, SYSTEM, NODE, 0, 88, 0).executed).to.equal(88);
    expect(send(control, NODE_HIGH, OTHER_NODE, 88, 1, 0).queued).to.equal(1);
    expect(control.seatsInUse(NODE_HIGH)).to.equal(88);
  });

  it('give the seat of an answered request to the one that waits', () => {
    const control = flowControl('1.25');
    send(control, SYSTEM, NODE, 0, 75, 0);
    expect(drain(control, 1000)).to.deep.equal([]);
    expect(control.finish(10, 2000)).to.equal(0);
    expect(drain(control, 2000)).to.deep.equal([74]);
    expect(control.seatsInUse(SYSTEM)).to.equal(74);
    expect(control.queued).to.equal(0);
  });

  it('serve a flow nearly in the order of its arrivals: its six queues take turns', () => {
    const control = flowControl('1.25');
    send(control, SYSTEM, NODE, 0, 374, 0);
    for (let id = 0; id < 74; id++) control.finish(id, 3000);
    const order = drain(control, 3000);
    expect(order).to.have.length(74);
    order.forEach((id, place) => expect(Math.abs(id - 74 - place)).to.be.below(6));
  });

  it('take a request out of its queue whose client went away or whose wait limit is over', () => {
    const control = flowControl('1.25');
    send(control, SYSTEM, NODE, 0, 380, 0);
    for (const id of [74, 80, 373]) control.cancel(id, QUEUE_WAIT_LIMIT_US);
    expect(control.queued).to.equal(297);
    expect(control.cancelled).to.equal(3);
    // Their places in the queues are free again, and they are never dispatched.
    expect(send(control, SYSTEM, NODE, 380, 10, QUEUE_WAIT_LIMIT_US).queued).to.equal(3);
    const served: number[] = [];
    for (let id = 0; id < 74; id++) control.finish(id, 20e6);
    for (let ids = drain(control, 20e6); ids.length > 0; ids = drain(control, 20e6)) {
      served.push(...ids);
      for (const id of ids) control.finish(id, 20e6);
    }
    expect(served).to.have.length(300);
    expect(served).to.not.include.members([74]).and.not.include.members([80]).and.not.include.members([373]);
  });

  it('reject at once where a level has no queue, and never where it is exempt', () => {
    const control = flowControl('1.25');
    expect(send(control, CATCH_ALL, NODE, 0, 20, 0)).to.deep.equal({ executed: 13, queued: 0, rejected: 7 });
    expect(send(control, EXEMPT, NODE, 100, 5000, 0).executed).to.equal(5000);
  });

  it('let a request wait for a quarter of its deadline, at most a minute', () => {
    expect(queueWaitLimitUs(60e6)).to.equal(QUEUE_WAIT_LIMIT_US);
    expect(queueWaitLimitUs(10e6)).to.equal(2.5e6);
    expect(queueWaitLimitUs(600e6)).to.equal(60e6);
  });

  it('are empty after a restart', () => {
    const control = flowControl('1.25');
    send(control, SYSTEM, NODE, 0, 400, 0);
    control.reset(1e6);
    control.configure(1e6);
    expect([control.queued, control.executing, control.seatsInUse(SYSTEM)]).to.deep.equal([0, 0, 0]);
    expect(drain(control, 1e6)).to.deep.equal([]);
    expect(send(control, SYSTEM, NODE, 0, 375, 1e6)).to.deep.equal({ executed: 74, queued: 300, rejected: 1 });
    expect(control.rejected).to.equal(27);
  });

  it('are not there until a server that has started has read them: 600 requests execute, the others are rejected', () => {
    for (const release of ['1.21', '1.25', '1.37'] as const) {
      const control = flowControl(release);
      control.reset(0);
      expect(send(control, SYSTEM, NODE, 0, 700, 0), release).to.deep.equal({
        executed: 600,
        queued: 0,
        rejected: 100,
      });
      expect(arrives(control, 700, EXEMPT, NODE, 1, false, 0), release).to.equal(EXECUTE);
    }
  });

  it('take in what comes once they are read; who executes then has no seat of theirs', () => {
    const control = flowControl('1.25');
    control.reset(0);
    send(control, SYSTEM, NODE, 0, 600, 0);
    control.configure(1e6);
    expect([control.seatsInUse(SYSTEM), control.seatsInUse(CATCH_ALL)]).to.deep.equal([0, 600]);
    expect(send(control, SYSTEM, NODE, 600, 100, 1e6)).to.deep.equal({ executed: 74, queued: 26, rejected: 0 });
    for (let id = 0; id < 600; id++) expect(control.finish(id, 2e6)).to.equal(0);
    expect([control.executing, control.seatsInUse(CATCH_ALL)]).to.deep.equal([74, 0]);
  });

  it('throw where the model mistakes one request for another', () => {
    const control = flowControl('1.25');
    expect(() => control.finish(3, 0)).to.throw(RangeError);
    send(control, SYSTEM, NODE, 0, 75, 0);
    expect(() => arrives(control, 3, SYSTEM, [0, 0], 1, false, 0)).to.throw(RangeError);
    expect(() => control.finish(74, 0)).to.throw(RangeError);
    expect(() => control.cancel(3, 0)).to.throw(RangeError);
    expect(() => control.release(3, 0)).to.throw(RangeError);
  });
});

describe('fair queuing', () => {
  it('serves a node with one request next although another has 300 in its queues', () => {
    const control = flowControl('1.25');
    send(control, SYSTEM, NODE, 0, 374, 0);
    expect(arrives(control, 1000, SYSTEM, OTHER_NODE, 1, false, 1e3)).to.equal(QUEUED);
    // The first node's seats were given for the 3 ms that a request is expected to take.
    control.finish(0, 3e3);
    expect(control.next(3e3)).to.equal(1000);
  });

  it('serves it within one round of the seats where requests take far longer than expected', () => {
    const control = flowControl('1.25');
    send(control, SYSTEM, NODE, 0, 374, 0);
    arrives(control, 1000, SYSTEM, OTHER_NODE, 1, false, 50e3);
    const order: number[] = [];
    for (let id = 0; id < 74; id++) {
      control.finish(id, 100e3);
      order.push(control.next(100e3));
    }
    expect(order).to.include(1000);
  });

  it('shares the seats equally among two busy nodes, although one asked earlier and more', () => {
    const control = flowControl('1.25');
    send(control, SYSTEM, NODE, 0, 374, 0);
    send(control, SYSTEM, OTHER_NODE, 1000, 150, 1e3);
    let now = 1e3;
    const served = [0, 0];
    const executing = Array.from({ length: 74 }, (_, id) => id);
    for (let i = 0; i < 200; i++) {
      now += 1e3;
      control.finish(executing.shift() ?? -1, now);
      const id = control.next(now);
      served[id < 1000 ? 0 : 1]++;
      executing.push(id);
    }
    // The first one had 74 seats when the second came; then each of the twelve queues takes turns.
    expect(served[1]).to.be.within(100, 150);
    expect(served[0]).to.be.at.least(50);
  });

  it('does not hoard: a node that was quiet for long gets no more than its part', () => {
    const control = flowControl('1.25');
    // For a while only the first node asks; the other comes with many requests at once.
    send(control, SYSTEM, NODE, 0, 374, 0);
    const executing = Array.from({ length: 74 }, (_, id) => id);
    let now = 0;
    const step = (): number => {
      now += 1e3;
      control.finish(executing.shift() ?? -1, now);
      const id = control.next(now);
      executing.push(id);
      return id;
    };
    for (let i = 0; i < 74; i++) step();
    send(control, SYSTEM, OTHER_NODE, 1000, 300, now);
    let others = 0;
    for (let i = 0; i < 180; i++) if (step() >= 1000) others++;
    expect(others).to.be.below(150);
  });

  it('counts work, not requests: writes of ten seats are served a tenth as often', () => {
    const control = flowControl('1.25');
    const writer = flowAt(0, 128);
    const reader = flowAt(20, 128);
    for (let id = 0; id < 300; id++) arrives(control, id, WORKLOAD_LOW, writer, 10, true, 0);
    for (let id = 1000; id < 1300; id++) arrives(control, id, WORKLOAD_LOW, reader, 1, false, 0);
    expect(control.seatsInUse(WORKLOAD_LOW)).to.equal(245);
    // 24 writes and 5 reads end after the 3 ms that are expected: now the reads catch up, to ten for each write.
    for (let id = 0; id < 24; id++) control.finish(id, 3e3);
    for (let id = 1000; id < 1005; id++) control.finish(id, 3e3);
    const next = drain(control, 3e3);
    const writes = 24 + next.filter((id) => id < 1000).length;
    const reads = 5 + next.filter((id) => id >= 1000).length;
    expect(reads / writes).to.be.within(8, 12);
  });

  it('holds narrower requests up behind a wide one that waits for its seats', () => {
    const control = flowControl('1.25');
    send(control, SYSTEM, NODE, 0, 70, 0);
    expect(arrives(control, 100, SYSTEM, OTHER_NODE, 10, false, 0)).to.equal(QUEUED);
    for (let id = 0; id < 5; id++) control.finish(id, 1000);
    expect(control.next(1000)).to.equal(-1);
    control.finish(5, 1000);
    expect(control.next(1000)).to.equal(100);
    expect(control.seatsInUse(SYSTEM)).to.equal(74);
  });
});

describe('writes with many watchers', () => {
  const write = (control: FlowControl, id: number, watchers: number): number =>
    arrives(control, id, WORKLOAD_LOW, [0, 0], 1, true, 0, watchers);

  it('occupy ten seats while they execute, and 250 ms longer for 5,000 watchers', () => {
    const control = flowControl('1.25');
    expect(write(control, 0, 5000)).to.equal(EXECUTE);
    expect(control.seatsInUse(WORKLOAD_LOW)).to.equal(10);
    expect(control.finish(0, 4e3)).to.equal(250e3);
    expect(control.executing).to.equal(0);
    expect(control.seatsInUse(WORKLOAD_LOW)).to.equal(10);
    control.release(0, 254e3);
    expect(control.seatsInUse(WORKLOAD_LOW)).to.equal(0);
  });

  it('so pass only 24 at a time in a level of 245 seats', () => {
    const control = flowControl('1.25');
    let executed = 0;
    for (let id = 0; id < 50; id++) if (write(control, id, 5000) === EXECUTE) executed++;
    expect(executed).to.equal(24);
    control.finish(0, 4e3);
    expect(control.next(4e3)).to.equal(-1);
    control.release(0, 254e3);
    expect(control.next(254e3)).to.be.at.least(24);
  });

  it('occupy one seat up to 1.22, and with fewer than ten watchers', () => {
    const old = flowControl('1.22');
    write(old, 0, 5000);
    expect(old.seatsInUse(WORKLOAD_LOW)).to.equal(1);
    expect(old.finish(0, 4e3)).to.equal(0);
    const few = flowControl('1.25');
    write(few, 0, 9);
    expect(few.seatsInUse(WORKLOAD_LOW)).to.equal(1);
    expect(few.finish(0, 4e3)).to.equal(0);
  });
});

describe('Retry-After of a rejected request', () => {
  /** Rejects a request at each given second of a full level. */
  function retryAfter(release: '1.27' | '1.28', seconds: readonly number[]): number[] {
    const control = flowControl(release, { borrowing: false });
    send(control, SYSTEM, NODE, 0, 374, 0);
    return seconds.map((second) => {
      expect(arrives(control, 1000, SYSTEM, NODE, 1, false, second * 1e6)).to.equal(REJECTED);
      return control.retryAfterS(SYSTEM);
    });
  }

  it('is 1 s up to 1.27 and follows the level’s rejections from 1.28 on', () => {
    expect(retryAfter('1.27', [1, 1, 1, 2, 3])).to.deep.equal([1, 1, 1, 1, 1]);
    expect(retryAfter('1.28', [1, 1, 1, 2, 3])).to.deep.equal([1, 1, 1, 2, 2]);
  });

  it('is that of the level alone, and counts who waited in vain', () => {
    const control = flowControl('1.28', { borrowing: false });
    send(control, SYSTEM, NODE, 0, 100, 0);
    for (let id = 74; id < 77; id++) control.cancel(id, 15e6);
    control.cancel(77, 16e6);
    expect(control.retryAfterS(SYSTEM)).to.equal(2);
    expect(control.retryAfterS(NODE_HIGH)).to.equal(1);
    control.reset(17e6);
    expect(control.retryAfterS(SYSTEM)).to.equal(1);
  });
});

describe('a server with limits of requests in flight instead of priority levels', () => {
  it('rejects the 401st read and the 201st write at once and queues none', () => {
    const control = flowControl('1.20', { flowControl: 'maxInflight' });
    expect(send(control, SYSTEM, NODE, 0, 450, 0)).to.deep.equal({ executed: 400, queued: 0, rejected: 50 });
    const decisions = Array.from({ length: 210 }, (_, i) =>
      arrives(control, 1000 + i, WORKLOAD_LOW, [0, 0], 1, true, 0, 5000),
    );
    expect(decisions.filter((decision) => decision === EXECUTE)).to.have.length(200);
    expect(control.rejected).to.equal(60);
    expect(control.retryAfterS(SYSTEM)).to.equal(1);
    expect(control.finish(0, 10)).to.equal(0);
    expect(control.next(10)).to.equal(-1);
    expect(arrives(control, 500, SYSTEM, [0, 0], 1, true, 10)).to.equal(REJECTED);
    expect(arrives(control, 500, SYSTEM, [0, 0], 1, false, 10)).to.equal(EXECUTE);
    expect(control.seatsInUse(SYSTEM)).to.equal(600);
  });

  it('has no limit where it is 0, and none after a restart', () => {
    const control = new FlowControl({ ...behavioursOf('1.20', '1.20'), flowControl: 'maxInflight' }, 0, 3);
    expect(send(control, SYSTEM, NODE, 0, 5000, 0).executed).to.equal(5000);
    for (let id = 5000; id < 5003; id++) arrives(control, id, SYSTEM, [0, 0], 1, true, 0);
    expect(arrives(control, 6000, SYSTEM, [0, 0], 1, true, 0)).to.equal(REJECTED);
    control.reset(10);
    expect(arrives(control, 0, SYSTEM, [0, 0], 1, true, 10)).to.equal(EXECUTE);
  });

  it('does not see watches; nor do the priority levels up to 1.21, but those of 1.22 do', () => {
    expect(flowControl('1.20', { flowControl: 'maxInflight' }).watchesAreExempt).to.equal(true);
    expect(flowControl('1.21').watchesAreExempt).to.equal(true);
    expect(flowControl('1.22').watchesAreExempt).to.equal(false);
  });
});
