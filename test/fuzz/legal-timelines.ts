import fc from 'fast-check';
import type { ObjectKind } from '../../src/cluster/model/kinds.js';
import { atLeast } from '../../src/cluster/model/releases.js';

/** What an entry may act on. */
export interface Target {
  readonly target: string;
  /** Pods refer to it, but it does not exist: only `recreate` can act on it. */
  readonly missing: boolean;
  /** null: its name tells. */
  readonly kind: ObjectKind | null;
  /** It cannot be made immutable. */
  readonly mutable: boolean;
}

/** What a timeline has to know of a cluster's API servers. */
export interface ServersOf {
  readonly apiServers: number;
  readonly release: string;
}

const CHANGES = ['update', 'update', 'delete', 'recreate', 'markImmutable', 'replace'] as const;

const changes = (targets: readonly Target[]): fc.Arbitrary<object> =>
  fc
    .record({
      action: fc.constantFrom(...CHANGES),
      target: fc.constantFrom(...targets),
      by: fc.constantFrom('newName', 'recreate', 'recreateAll'),
      rate: fc.constantFrom<string | null>(null, '1/s', '50/s'),
      order: fc.constantFrom('given', 'random'),
    })
    .map(({ action: wanted, target: { target, missing, kind, mutable }, by, rate, order }) => {
      const action = missing ? 'recreate' : mutable && wanted === 'markImmutable' ? 'update' : wanted;
      return {
        [action]: target,
        order,
        ...(rate !== null && { rate }),
        ...(kind !== null && { kind }),
        ...(action === 'replace' && { by }),
      };
    });

const share = fc.constantFrom('100%', '50%', '1%');

/** Which deployments: a share of all, or of those that use an object. */
const choice = (targets: readonly Target[]): fc.Arbitrary<object> => {
  const all = share.map((deployments) => ({ deployments }));
  if (targets.length === 0) return all;
  const using = fc
    .tuple(share, fc.constantFrom(...targets))
    .map(([deployments, { target, kind }]) => ({ deployments, consumersOf: target, kind }));
  return fc.oneof(all, using);
};

/** An action that chooses deployments; the kind of an object stands beside it. */
const chosen = (action: string, targets: readonly Target[], more: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.tuple(choice(targets), more).map(([{ kind, ...which }, settings]: [{ kind?: unknown }, object]) => ({
    [action]: { ...which, ...settings },
    ...(typeof kind === 'string' && { kind }),
  }));

const others = (targets: readonly Target[], servers: ServersOf): fc.Arbitrary<object> =>
  fc.oneof(
    fc.constantFrom(0, 0.3, 1).map((fraction) => ({ annotatePods: { fraction } })),
    chosen(
      'rollout',
      targets,
      fc.record({
        maxUnavailable: fc.constantFrom('0%', '25%', '100%'),
        maxSurge: fc.constantFrom('1%', '25%', '100%'),
        after: fc.constantFrom('0s', '5s'),
      }),
    ),
    chosen('rollout', targets, fc.record({ rate: fc.constantFrom('1/s', '10/m') })),
    chosen('scale', targets, fc.record({ replicas: fc.constantFrom<number | string>(0, 1, '0%', '50%', '100%') })),
    fc
      .record({
        nodes: fc.constantFrom<number | string>(1, '50%'),
        rate: fc.constantFrom('10/m', '1/s'),
        maxUnavailable: fc.constantFrom('1%', '25%', '100%'),
        cordoned: fc.constantFrom('0s', '1s'),
      })
      .map((drain) => ({ drain })),
    fc
      .record({
        servers: fc.oneof(fc.constant('all'), fc.integer({ min: 1, max: servers.apiServers })),
        stagger: fc.constantFrom('0s', '1s', '30s'),
        downtime: fc.constantFrom('0s', '10s', '1h'),
        mode: fc.constantFrom('crash', 'graceful'),
      })
      .map((restartApiServer) => ({ restartApiServer })),
    share.map((nodes) => ({ restartKubelet: { nodes } })),
    fc.constantFrom(1, 2).map((addNodes) => ({ addNodes })),
    fc.constantFrom(1, { nodes: 1, pods: 'comeBack' }).map((removeNodes) => ({ removeNodes })),
    fc.constantFrom(1, 5, 1000).map((churnPods) => ({ churnPods })),
    keyRotations(servers),
  );

/** Rotations of the encryption key by every way that a cluster has. */
const keyRotations = ({ apiServers, release }: ServersOf): fc.Arbitrary<object> =>
  fc
    .record({
      rate: fc.constantFrom('1/s', '50/s'),
      way: fc.constantFrom({}, { restarts: false }, { mode: atLeast(release, '1.26') ? 'reload' : 'restart' }),
      first: fc.constantFrom({}, apiServers === 1 ? { firstRound: false } : {}),
      rewrite: fc.constantFrom('kubectl', atLeast(release, '1.30') ? 'storageVersionMigration' : 'kubectl'),
    })
    .map(({ rate, way, first, rewrite }) => ({ rotateEncryptionKey: { rate, ...way, ...first, rewrite } }));

/** When: once, or repeatedly, in thousandths of the measured time. */
const times = (durationS: number): fc.Arbitrary<object> => {
  const at = (thousandths: number): string => `${durationS * thousandths * 1000}us`;
  return fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: 999 }).map((t) => ({ at: at(t) })) },
    {
      weight: 1,
      arbitrary: fc
        .record({
          every: fc.integer({ min: 120, max: 900 }),
          from: fc.nat({ max: 500 }),
          until: fc.integer({ min: 500, max: 1000 }),
          jitter: fc.constantFrom(0, 0.5, 1),
        })
        .map(({ every, from, until, jitter }) => ({
          every: at(every),
          from: at(from),
          until: at(until),
          jitter: at(Math.floor(every * jitter)),
        })),
    },
  );
};

/** Timelines with every action. */
export function timelines(
  targets: readonly Target[],
  durationS: number,
  servers: ServersOf,
): fc.Arbitrary<readonly object[]> {
  const actions =
    targets.length === 0
      ? others(targets, servers)
      : fc.oneof(
          { weight: 3, arbitrary: changes(targets) },
          // Two of three timelines do nothing that makes kubelets meet, so that nodes are simulated one by one.
          { weight: 1, arbitrary: others(targets, servers) },
        );
  const entries = fc.array(
    fc.tuple(actions, times(durationS)).map(([action, when]) => ({ ...action, ...when })),
    { maxLength: 5 },
  );
  return entries;
}
