import { type Memory, OWN_MEMORY } from '../../sim/memory.js';
import { UpdateLedger } from '../meters/update-ledger.js';
import { RateLimiter } from '../model/rate-limiter.js';
import type { Population } from '../population/population.js';
import { Latencies } from '../world/latencies.js';
import type { World } from '../world/world.js';
import type { RunCore } from '../record/run-core.js';

/** Builds what the components share that simulate some nodes of a run. `memory`: for the state of the nodes. */
export function buildWorld(core: RunCore, population: Population, memory: Memory = OWN_MEMORY): World {
  const {
    input,
    source,
    random,
    batch,
    sim,
    writes,
    load,
    operatorLoad,
    caches,
    tally,
    lives,
    accounts,
    fingerprint,
    observer,
  } = core;
  const etcd = core.etcd.section(population, memory);
  const { kubeAPIQPS, kubeAPIBurst } = input.kubelet;
  return {
    memory,
    input,
    population,
    random,
    batch,
    sim,
    writes,
    etcd,
    latencies: new Latencies(population, etcd, load, source.facts.objectsOfKind, input, random),
    limiter: new RateLimiter(population.nodeCount, kubeAPIQPS, kubeAPIBurst),
    load,
    operatorLoad,
    caches,
    tally,
    lives,
    ledger: new UpdateLedger(population, etcd, writes, accounts, fingerprint, { durationUs: input.durationUs, memory }),
    fingerprint,
    observer,
  };
}
