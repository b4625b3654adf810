import fc from 'fast-check';
import type { TopologyFile, TopologyPod, TopologyUse } from '../../src/cluster/model/topology-file.js';

const VOLUMES_MAX = 3;

/** Who a pod belongs to: nobody, a workload of which no kind is known, or one of a kind. */
const OWNERS = [
  {},
  { workload: 'a/w' },
  { workload: 'b/v' },
  ...['Deployment', 'DaemonSet', 'StatefulSet', 'Job'].map((ownerKind) => ({ workload: 'a/w', ownerKind })),
];

const nodes = fc.array(fc.option(fc.constantFrom(0, 1, 15, 300, 86_400)), { minLength: 1, maxLength: 4 });

const objects = fc.array(
  fc.record({
    namespace: fc.constantFrom('a', 'b', 'kube-system'),
    name: fc.constantFrom('kube-root-ca.crt', '=x', 'there', 'gone'),
    kind: fc.constantFrom('Secret' as const, 'ConfigMap' as const),
    size: fc.constantFrom(0, 1024, 1_572_864),
    immutable: fc.boolean(),
    missing: fc.constantFrom(true, false, false),
  }),
  { minLength: 1, maxLength: 6 },
);

const pods = fc.array(
  fc.record({
    node: fc.nat({ max: 3 }),
    owner: fc.constantFrom<Pick<TopologyPod, 'workload' | 'ownerKind'>>(...OWNERS),
    startsAfterSeconds: fc.constantFrom<number | null>(null, null, 0.5, 30, 100_000),
    uses: fc.array(
      fc.record({
        object: fc.nat({ max: 5 }),
        as: fc.constantFrom('volume', 'projected', 'projected', 'subPath', 'env', 'imagePullSecret'),
        volume: fc.nat({ max: VOLUMES_MAX }),
        optional: fc.boolean(),
      }),
      { maxLength: 5 },
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

/** What the workload of two kinds may say of its rollouts. */
const WORKLOADS: readonly TopologyFile['workloads'][] = [
  undefined,
  [{ workload: 'a/w', ownerKind: 'DaemonSet', maxUnavailable: '60%' }],
  [
    { workload: 'a/w', ownerKind: 'DaemonSet', onDelete: true },
    { workload: 'a/w', ownerKind: 'StatefulSet', onDelete: true },
  ],
];

/** Topology files as `import` writes them: every mode of use, objects that are missing, pods that wait for them. */
export const topologies: fc.Arbitrary<TopologyFile> = fc
  .tuple(nodes, objects, pods, fc.constantFrom(...WORKLOADS))
  .map(([ttls, given, drafts, workloads]): TopologyFile => {
    const known = new Map(given.map((object) => [`${object.kind} ${object.namespace}/${object.name}`, object]));
    const kept = [...known.values()];
    return {
      apiVersion: 'secretsim/v1',
      kind: 'Topology',
      nodes: ttls.map((ttlSeconds, i) => ({ name: `n${i}`, ...(ttlSeconds !== null && { ttlSeconds }) })),
      objects: kept.map(({ immutable, missing, ...object }) => ({
        ...object,
        ...(immutable && !missing && { immutable: true }),
        ...(missing && { missing: true }),
      })),
      pods: drafts.map(({ node, owner, startsAfterSeconds, uses }, i) => {
        const all = uses.map(({ object, as: mode, volume, optional }): TopologyUse => {
          const index = object % kept.length;
          const as = mode === 'imagePullSecret' && kept[index].kind !== 'Secret' ? 'env' : mode;
          const inVolume = as !== 'env' && as !== 'imagePullSecret';
          return { object: index, as, ...(inVolume && { volume }), ...(optional && { optional: true }) };
        });
        const waits = all.some(({ object, optional }) => kept[object].missing && optional !== true);
        return {
          namespace: 'a',
          name: `p${i}`,
          node: node % ttls.length,
          ...owner,
          ...(waits && { pending: true }),
          ...(startsAfterSeconds !== null && { startsAfterSeconds }),
          uses: all,
        };
      }),
      ...(workloads && { workloads: [...workloads] }),
    };
  });
