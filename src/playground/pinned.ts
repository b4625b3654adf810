import { NONE, type Knobs } from './knobs.js';
import type { Setting } from './link.js';
import { textOfKnobs } from './experiment-text.js';
import type { Question } from './question.js';

/** Knobs of a setting, and what they are called in a line. The others are those of the question: both settings have them. */
const CALLED: Readonly<Partial<Record<keyof Knobs, string>>> = {
  strategy: 'strategy',
  syncFrequency: 'syncFrequency',
  nodeTTL: 'node TTL',
  kubeAPIQPS: 'kubeAPIQPS',
  kubeAPIBurst: 'kubeAPIBurst',
  release: 'Kubernetes',
  apiServers: 'API servers',
  restart: 'restart',
  nodes: 'nodes',
  podsPerNode: 'pods per node',
  immutableShare: 'immutable share',
  rotated: 'rotated',
  way: 'way',
  refreshInterval: 'refreshInterval of the source',
  reloadInterval: 'reloadInterval of applications',
};
/** What counts have no meaning for, in a dumped cluster. */
const OF_COUNTS: readonly (keyof Knobs)[] = ['nodes', 'podsPerNode', 'immutableShare'];

/** What is asked of the knobs, beside a pinned setting: seed, replications and SLO are those of the knobs in both. */
export function questionOf(now: Setting, pinned: Setting | null): Question {
  const { seed, replications, slo } = now.knobs;
  return {
    now: textOfKnobs(now.knobs, now.cluster),
    pinned:
      pinned === null
        ? null
        : textOfKnobs(
            { ...pinned.knobs, seed, replications, slo, comparedRelease: NONE },
            pinned.cluster,
            'playground-pinned',
          ),
  };
}

/** In what a setting differs from a pinned one, in words; empty where it is the same. */
export function differencesFrom(pinned: Setting, now: Setting): readonly string[] {
  const clusters = [pinned, now].map(({ cluster }) => (cluster.type === 'preset' ? cluster.name : cluster.file));
  const dumps = [pinned, now].some(({ cluster }) => cluster.type === 'dump');
  const knobs = (Object.keys(CALLED) as (keyof Knobs)[]).filter((knob) => !(dumps && OF_COUNTS.includes(knob)));
  const word = (value: Knobs[keyof Knobs]): string => String(value ?? 'default');
  return [
    ...(clusters[0] === clusters[1] ? [] : [`cluster ${clusters[0]} → ${clusters[1]}`]),
    ...knobs.flatMap((knob) => {
      const [before, after] = [pinned, now].map((setting) => word(setting.knobs[knob]));
      return before === after ? [] : [`${CALLED[knob] ?? knob} ${before} → ${after}`];
    }),
  ];
}
