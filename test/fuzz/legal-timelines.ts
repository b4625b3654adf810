import fc from 'fast-check';
import type { ObjectKind } from '../../src/cluster/model/kinds.js';

/** What an entry may act on. */
export interface Target {
  readonly target: string;
  /** Pods refer to it, but it does not exist: only `recreate` can act on it. */
  readonly missing: boolean;
  /** null: its name tells. */
  readonly kind: ObjectKind | null;
}

const CHANGES = ['update', 'update', 'delete', 'recreate', 'markImmutable', 'replace'] as const;

const changes = (targets: readonly Target[]): fc.Arbitrary<object> =>
  fc
    .record({
      action: fc.constantFrom(...CHANGES),
      target: fc.constantFrom(...targets),
      by: fc.constantFrom('newName', 'recreate'),
      rate: fc.constantFrom<string | null>(null, '1/s', '50/s'),
      order: fc.constantFrom('given', 'random'),
    })
    .map(({ action: wanted, target: { target, missing, kind }, by, rate, order }) => {
      const action = missing ? 'recreate' : wanted;
      return {
        [action]: target,
        order,
        ...(rate !== null && { rate }),
        ...(kind !== null && { kind }),
        ...(action === 'replace' && { by }),
      };
    });

const share = fc.constantFrom('100%', '50%', '1%');

const others = (apiServers: number): fc.Arbitrary<object> =>
  fc.oneof(
    fc.constantFrom(0, 0.3, 1).map((fraction) => ({ annotatePods: { fraction } })),
    fc
      .tuple(share, fc.constantFrom('0%', '25%', '100%'), fc.constantFrom('1%', '25%', '100%'))
      .map(([deployments, maxUnavailable, maxSurge]) => ({ rollout: { deployments, maxUnavailable, maxSurge } })),
    fc
      .record({
        servers: fc.oneof(fc.constant('all'), fc.integer({ min: 1, max: apiServers })),
        stagger: fc.constantFrom('0s', '1s', '30s'),
        downtime: fc.constantFrom('0s', '10s', '1h'),
        mode: fc.constantFrom('crash', 'graceful'),
      })
      .map((restartApiServer) => ({ restartApiServer })),
    share.map((nodes) => ({ restartKubelet: { nodes } })),
    fc.constantFrom(1, 2).map((addNodes) => ({ addNodes })),
    fc.constant({ removeNodes: 1 }),
    fc.constantFrom(1, 5, 1000).map((churnPods) => ({ churnPods })),
    fc
      .record({ rate: fc.constantFrom('1/s', '50/s'), restarts: fc.boolean() })
      .map((rotateEncryptionKey) => ({ rotateEncryptionKey })),
  );

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
  apiServers: number,
): fc.Arbitrary<readonly object[]> {
  const actions =
    targets.length === 0
      ? others(apiServers)
      : fc.oneof(
          { weight: 3, arbitrary: changes(targets) },
          // Two of three timelines do nothing that makes kubelets meet, so that nodes are simulated one by one.
          { weight: 1, arbitrary: others(apiServers) },
        );
  const entries = fc.array(
    fc.tuple(actions, times(durationS)).map(([action, when]) => ({ ...action, ...when })),
    { maxLength: 5 },
  );
  return entries;
}
