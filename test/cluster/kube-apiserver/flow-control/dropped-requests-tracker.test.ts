import { expect } from 'chai';
import {
  DroppedRequestsTracker,
  MAX_RETRY_AFTER,
} from '../../../../src/cluster/kube-apiserver/flow-control/dropped-requests-tracker.js';

/** Drops so many requests in a second; returns the Retry-After that the last of them is told. */
function drop(tracker: DroppedRequestsTracker, second: number, requests: number): number {
  for (let i = 0; i < requests; i++) tracker.recordDroppedRequest(second * 1e6 + i);
  return tracker.retryAfter;
}

describe('adaptive Retry-After', () => {
  it('is 1 s at first, whatever is rejected within the first second', () => {
    expect(drop(new DroppedRequestsTracker(), 100, 5000)).to.equal(1);
  });

  it('doubles after a second with at least three rejections, and not for two', () => {
    const three = new DroppedRequestsTracker();
    drop(three, 100, 3);
    expect(drop(three, 101, 1)).to.equal(2);
    const two = new DroppedRequestsTracker();
    drop(two, 100, 2);
    expect(drop(two, 101, 1)).to.equal(1);
  });

  it('does not double again before Retry-After seconds have passed', () => {
    const tracker = new DroppedRequestsTracker();
    const told = [];
    for (let second = 0; second <= 16; second++) told.push(drop(tracker, second, 100));
    // Doubled at 1, 3 = 1 + 2 , 7 = 3 + 4, 15 = 7 + 8.
    expect(told).to.deep.equal([1, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8, 8, 8, 8, 8, 16, 16]);
  });

  it('ends at 32 s', () => {
    const tracker = new DroppedRequestsTracker();
    for (let second = 0; second < 200; second++) drop(tracker, second, 200);
    expect(tracker.retryAfter).to.equal(MAX_RETRY_AFTER);
  });

  it('falls by one second with a rejection that finds fewer than Retry-After before it, and only with one', () => {
    const tracker = new DroppedRequestsTracker();
    for (let second = 0; second <= 3; second++) drop(tracker, second, 100);
    expect(tracker.retryAfter).to.equal(4);
    // Seconds 6 … 9 were quiet.
    expect(drop(tracker, 10, 3)).to.equal(3);
    // Three in the last three seconds: neither fewer than 3 nor 9.
    expect(drop(tracker, 11, 1)).to.equal(3);
    expect(drop(tracker, 1000, 1)).to.equal(2);
    expect(drop(tracker, 2000, 1)).to.equal(1);
    expect(drop(tracker, 3000, 1)).to.equal(1);
  });

  it('starts over with the server', () => {
    const tracker = new DroppedRequestsTracker();
    for (let second = 0; second <= 3; second++) drop(tracker, second, 100);
    tracker.reset();
    expect(drop(tracker, 4, 1)).to.equal(1);
  });
});
