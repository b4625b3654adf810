import { expect } from 'chai';
import { STATUS } from '../../../src/cluster/kube-apiserver/requests.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import { VERB } from '../../../src/cluster/model/verbs.js';
import { answersOf, byEntry, observed } from '../model/switches/observed.js';
import { inputOf, objectClass } from '../scenario.js';
import { crash, roll } from '../timeline-actions.js';

const NODES = 50;
const AT = 100;

/** How the new process took the version of each reflector: its first answer to a WATCH, but for those that had to come again. */
function firstAnswers(restart: TimelineAction): number[] {
  const input = inputOf({
    release: '1.36',
    nodes: NODES,
    podsPerNode: 4,
    apiServers: 1,
    duration: 300,
    classes: [objectClass('own', { scope: 'pod' })],
    timeline: [restart],
    apiServer: { capacity: 64, nodeAuthorizer: false },
  });
  const answers = answersOf(observed(input)).filter(
    ({ verb, status, atS }) => verb === VERB.WATCH && (status === STATUS.OK || status === STATUS.GONE) && atS > AT,
  );
  return byEntry(answers).map(([first]) => first.status);
}

const shareOf = (statuses: readonly number[], status: number): number =>
  statuses.filter((each) => each === status).length / statuses.length;

describe('the versions that reflectors know when their only server has begun anew', () => {
  it('are those of the last write where it ended by itself: bookmarks came while it took no requests any more', () => {
    const statuses = firstAnswers(roll(AT, 0));
    expect(statuses).to.have.lengthOf(NODES * 4);
    // A bookmark of the first 5 s, before etcd told how far it is, says less than the last write.
    expect(shareOf(statuses, STATUS.OK)).to.be.above(0.85);
  });

  it('are older than the last write where it was killed: all are answered 410', () => {
    expect(shareOf(firstAnswers(crash(AT)), STATUS.GONE)).to.equal(1);
  });
});
