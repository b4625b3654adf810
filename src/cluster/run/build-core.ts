import { Fingerprint } from '../../sim/fingerprint.js';
import { sharedBatch } from '../../sim/random-batch.js';
import { Simulator } from '../../sim/simulator.js';
import { Etcd } from '../etcd/etcd.js';
import { BOOKMARKS } from '../kube-apiserver/bookmarks.js';
import { Audiences } from '../kubelet/audience.js';
import { CacheMemory } from '../meters/cache-memory.js';
import { Load } from '../meters/load.js';
import { OperatorLoad } from '../meters/operator-load.js';
import { ReadTally } from '../meters/read-tally.js';
import { WatchLives } from '../meters/watch-lives.js';
import { UpdateAccounts } from '../meters/update-accounts.js';
import type { RunInput } from '../model/model-input.js';
import { NOBODY, type Observer } from '../model/observer.js';
import { randomnessOf } from '../model/randomness.js';
import type { NodeSource } from '../population/node-source.js';
import { GroupTally } from '../record/group-delays.js';
import { Pipeline } from '../record/pipeline.js';
import type { RunCore } from '../record/run-core.js';
import { UpdateOutcomes } from '../record/update-outcomes.js';
import { Writes } from '../workload/writes.js';

/**
 * Builds what a run has once. `planned`: true where writes are committed at times that are known before the run, because
 * nothing can hold them up.
 */
export function buildCore(
  input: RunInput,
  replication: number,
  source: NodeSource,
  planned: boolean,
  observer: Observer | null,
): RunCore {
  const { facts, objects } = source;
  const random = randomnessOf(input.seed, replication);
  const load = new Load(input, objects.classNames.length, BOOKMARKS);
  const writes = new Writes(objects, input, random);
  const etcd = new Etcd(objects, writes);
  if (planned) etcd.commitAll(writes.commitTimes());
  const pipeline = input.rotation?.pipeline ? new Pipeline(input.rotation.pipeline, { random, etcd, writes }) : null;
  const tally = new ReadTally(load, input.apiServer.costs);
  return {
    input,
    source,
    random,
    batch: sharedBatch(),
    sim: new Simulator(),
    writes,
    etcd,
    load,
    operatorLoad: new OperatorLoad(input.operators === undefined ? { durationUs: 0 } : input),
    // Whatever is there in the run is in the watch caches from its beginning on.
    caches: new CacheMemory(input.apiServers, facts.objectBytes * input.apiServer.costs.cachedObjectMemoryRatio),
    tally,
    lives: new WatchLives({ load, tally, random }),
    accounts: new UpdateAccounts(writes.count, input.samples),
    fingerprint: new Fingerprint(),
    observer: observer ?? NOBODY,
    pipeline,
    outcomes: new UpdateOutcomes(etcd, writes.count, facts.deploymentCount, pipeline),
    groups: input.groups === true && source.whole !== null ? new GroupTally(source.whole) : null,
    audiences: new Audiences(),
  };
}
