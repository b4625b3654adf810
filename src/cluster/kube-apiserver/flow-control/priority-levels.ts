/** Codes of the priority levels: positions in PRIORITY_LEVELS. */
export const SYSTEM = 0;
export const NODE_HIGH = 1;
export const LEADER_ELECTION = 2;
export const WORKLOAD_HIGH = 3;
export const WORKLOAD_LOW = 4;
export const GLOBAL_DEFAULT = 5;
export const CATCH_ALL = 6;
export const EXEMPT = 7;
export type Level =
  | typeof SYSTEM
  | typeof NODE_HIGH
  | typeof LEADER_ELECTION
  | typeof WORKLOAD_HIGH
  | typeof WORKLOAD_LOW
  | typeof GLOBAL_DEFAULT
  | typeof CATCH_ALL
  | typeof EXEMPT;

/** What a PriorityLevelConfiguration says. */
export interface PriorityLevel {
  readonly name: string;
  readonly nominalConcurrencyShares: number;
  /** Queues; 0: a request that finds no seat is rejected; -1: exempt from limits. */
  readonly queues: number;
  readonly handSize: number;
  readonly queueLengthLimit: number;
  /** Share of the nominal seats that other levels may borrow, percent (server ≥1.26). */
  readonly lendablePercent: number;
}

function level(
  name: string,
  nominalConcurrencyShares: number,
  queues: number,
  handSize: number,
  lendablePercent: number,
): PriorityLevel {
  return { name, nominalConcurrencyShares, queues, handSize, queueLengthLimit: 50, lendablePercent };
}

/**
 * The bootstrap configuration: shares, queues, hand size and queue length by apis/flowcontrol/bootstrap/default.go
 * (SuggestedPriorityLevelConfiguration…, MandatoryPriorityLevelConfiguration…), lendable percent by
 * KEP-1040 (from a table of it, not read in the source).
 * - system: kubelets' Secrets, ConfigMaps, pods; flow schema `system-nodes`, a flow per node.
 * - node-high: leases, nodes and their status; flow schema `system-node-high`; server ≥1.22 (PR 101151).
 * - leader-election, workload-high: the controllers and the scheduler.
 * - workload-low: service accounts outside kube-system, such as an operator that writes Secrets.
 * - global-default: other users. catch-all: nobody, in practice. exempt: system:masters.
 */
export const PRIORITY_LEVELS: readonly PriorityLevel[] = [
  level('system', 30, 64, 6, 33),
  level('node-high', 40, 64, 6, 25),
  level('leader-election', 10, 16, 4, 0),
  level('workload-high', 40, 128, 6, 50),
  level('workload-low', 100, 128, 6, 90),
  level('global-default', 20, 128, 6, 50),
  level('catch-all', 5, 0, 0, 0),
  level('exempt', 0, -1, 0, 0),
];

/**
 * Nominal seats of each level: ceil(limit × shares / sum of shares) (`nominalCL`, apf_controller.go
 * finishQueueSetReconfigsLocked; `AssuredConcurrencyShares` up to v1beta2). Without the level node-high
 * (server ≤1.21) the sum of shares is 205, with it 245.
 */
export function nominalConcurrencyLimits(serverConcurrencyLimit: number, nodeHighLevel: boolean): Int32Array {
  const shares = PRIORITY_LEVELS.map((level, code) =>
    code === NODE_HIGH && !nodeHighLevel ? 0 : level.nominalConcurrencyShares,
  );
  const sum = shares.reduce((total, share) => total + share, 0);
  return Int32Array.from(shares, (share) => Math.ceil((serverConcurrencyLimit * share) / sum));
}
