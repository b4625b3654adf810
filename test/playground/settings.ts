import fc from 'fast-check';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { RELEASES } from '../../src/cluster/model/versions.js';
import { PRESETS } from '../../src/experiment/language/presets.js';
import {
  clusterOfPreset,
  type Knobs,
  NODE_TTLS,
  NONE,
  REFRESH_INTERVALS,
  RELOAD_INTERVALS,
  type Restart,
  RESTARTS,
  SYNC_FREQUENCIES,
  type Way,
  WAYS,
} from '../../src/playground/knobs.js';
import { anyText } from '../any-text.js';

/** Everything that the page lets its user set, but for what is rotated. */
export const KNOBS: fc.Arbitrary<Omit<Knobs, 'rotated'>> = fc.record({
  strategy: fc.constantFrom(...STRATEGY_NAMES),
  syncFrequency: fc.constantFrom(...SYNC_FREQUENCIES, '1m30s', '45s'),
  nodeTTL: fc.constantFrom(...NODE_TTLS),
  kubeAPIQPS: fc.option(fc.integer({ min: 1, max: 1000 })),
  kubeAPIBurst: fc.option(fc.integer({ min: 1, max: 1000 })),
  release: fc.constantFrom(...RELEASES),
  comparedRelease: fc.constantFrom(NONE, ...RELEASES),
  apiServers: fc.integer({ min: 1, max: 100 }),
  restart: fc.constantFrom(...(Object.keys(RESTARTS) as Restart[])),
  immutableShare: fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20),
  nodes: fc.integer({ min: 1, max: 20_000 }),
  podsPerNode: fc.integer({ min: 1, max: 250 }),
  way: fc.constantFrom(...(Object.keys(WAYS) as Way[])),
  refreshInterval: fc.constantFrom(...REFRESH_INTERVALS),
  reloadInterval: fc.constantFrom(...RELOAD_INTERVALS),
  slo: fc.constantFrom('', 'last_pod_max_s < 2m', 'share(last_pod_max_s < 120s) >= 99%'),
  replications: fc.integer({ min: 1, max: 100 }),
  seed: anyText({ minLength: 1, maxLength: 40 }),
});

/** Any preset with any class of it rotated. */
export const SETTINGS = fc
  .constantFrom(...PRESETS)
  .chain((preset) => {
    const cluster = clusterOfPreset(preset);
    const rotated = fc.constantFrom(...cluster.classes.map(({ name }) => name));
    return fc.record({ cluster: fc.constant(cluster), rotated, knobs: KNOBS });
  })
  .map(({ cluster, rotated, knobs }) => ({ cluster, knobs: { ...knobs, rotated } }));
