import { SECOND_US } from '../../sim/units.js';
import type { RunInput } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import type { Population } from '../population/population.js';
import type { Behaviours } from '../model/versions.js';

/**
 * Steps of the TTL controller (`pkg/controller/ttl/ttl_controller.go` ttlBoundaries): a node is annotated with `ttl`
 * seconds; above `sizeMax` nodes the next row applies, below `sizeMin` the one before. The last row is that of ≤1.24:
 * from 1.25 on, the row before it has no upper end (PR 109779), which the switch `ttlBoundaries` tells.
 */
const TTL_BOUNDARIES = [
  { sizeMin: 0, sizeMax: 100, ttl: 0 },
  { sizeMin: 90, sizeMax: 500, ttl: 15 },
  { sizeMin: 450, sizeMax: 1000, ttl: 30 },
  { sizeMin: 900, sizeMax: 2000, ttl: 60 },
  { sizeMin: 1800, sizeMax: 10000, ttl: 300 },
  { sizeMin: 9000, sizeMax: Infinity, ttl: 600 },
] as const;

/** The largest TTL of the controller in any release, seconds. */
export const TTL_SECONDS_MAX = 600;

type Boundaries = Behaviours['ttlBoundaries'];

/** Rows of the table that apply. */
const ROWS: Readonly<Record<Boundaries, number>> = { six: TTL_BOUNDARIES.length, five: TTL_BOUNDARIES.length - 1 };

/** `defaultTTL` of the Cache strategy without an annotation (`pkg/kubelet/secret/secret_manager.go`), seconds. */
export const DEFAULT_TTL_SECONDS = 60;

/**
 * `nodeStatusReportFrequency` (`pkg/kubelet/apis/config/v1beta1/defaults.go`, all releases): a kubelet writes an
 * unchanged status so often. The controller looks at a node when it is added and when it changes.
 */
export const NODE_STATUS_REPORT_FREQUENCY_US = 300 * SECOND_US;

/** The TTL in seconds that the controller sets in a cluster that has grown to `nodes` nodes. */
export function ttlSecondsFor(nodes: number, boundaries: Boundaries): number {
  return TTL_BOUNDARIES[stepFor(nodes, ROWS[boundaries])].ttl;
}

function stepFor(nodes: number, steps: number): number {
  for (let step = 0; step < steps - 1; step++) if (nodes <= TTL_BOUNDARIES[step].sizeMax) return step;
  return steps - 1;
}

/**
 * The TTL controller over time: it counts nodes and moves by one step at a time, with hysteresis. A node's annotation
 * follows when the node is added or its status is next reported.
 */
export class TtlController {
  /** Nodes in the cluster. */
  private nodes: number;
  private step: number;
  /** When the desired TTL changed, and to what; ascending. */
  private readonly changedAt: number[] = [];
  private readonly changedTo: number[] = [];
  private readonly joinedAt: Float64Array;
  private readonly phase: Float64Array;
  private readonly steps: number;

  /**
   * `boundaries`: the table of the release. Where the nodes have annotations, the cluster stands on the step that most
   * of them show, if it can.
   */
  constructor(
    private readonly population: Population,
    random: Randomness,
    boundaries: Boundaries,
  ) {
    const { nodeCount, nodeArrives, nodeNameHigh, nodeNameLow } = population;
    this.steps = ROWS[boundaries];
    this.nodes = nodeArrives.reduce((sum, arrives) => sum + 1 - arrives, 0);
    this.step = this.shownStep() ?? stepFor(this.nodes, this.steps);
    this.joinedAt = new Float64Array(nodeCount).fill(-Infinity);
    this.phase = Float64Array.from(nodeArrives, (_, node) =>
      Math.floor(random.nodeStatus.uniform(nodeNameHigh[node], nodeNameLow[node], 0) * NODE_STATUS_REPORT_FREQUENCY_US),
    );
    this.changedAt.push(-Infinity);
    this.changedTo.push(TTL_BOUNDARIES[this.step].ttl);
  }

  /** The TTL in seconds that the controller wants all nodes to have. */
  get desiredTtlSeconds(): number {
    return TTL_BOUNDARIES[this.step].ttl;
  }

  /** A node joins the cluster. Times do not go back. */
  nodeAdded(node: number, at: number): void {
    this.joinedAt[node] = at;
    this.nodes++;
    if (this.step + 1 < this.steps && this.nodes > TTL_BOUNDARIES[this.step].sizeMax) this.move(1, at);
  }

  /** A node leaves the cluster. */
  nodeRemoved(at: number): void {
    this.nodes--;
    if (this.nodes < TTL_BOUNDARIES[this.step].sizeMin) this.move(-1, at);
  }

  /**
   * The annotation of a node at a time up to now, in seconds; NaN: it has none. An annotation that was imported holds
   * until the desired TTL changes.
   */
  ttlSeconds(node: number, at: number): number {
    const { changedAt, changedTo, joinedAt, population } = this;
    const seenAt = Math.max(joinedAt[node], this.lastReport(node, at));
    let latest = changedAt.length - 1;
    while (latest > 0 && changedAt[latest] > seenAt) latest--;
    const imported = population.nodeArrives[node] === 0 && latest === 0 ? population.nodeTtlSeconds : null;
    return imported === null ? changedTo[latest] : imported[node];
  }

  /** The node's first status report after `at`. */
  nextReport(node: number, at: number): number {
    return this.lastReport(node, at) + NODE_STATUS_REPORT_FREQUENCY_US;
  }

  /** The node's last status report up to `at`. */
  private lastReport(node: number, at: number): number {
    const period = NODE_STATUS_REPORT_FREQUENCY_US;
    return Math.floor((at - this.phase[node]) / period) * period + this.phase[node];
  }

  private move(steps: 1 | -1, at: number): void {
    this.step += steps;
    this.changedAt.push(at);
    this.changedTo.push(this.desiredTtlSeconds);
  }

  /** The step that most annotations of an imported cluster show, where its number of nodes allows it. */
  private shownStep(): number | undefined {
    const { nodeTtlSeconds } = this.population;
    if (nodeTtlSeconds === null) return undefined;
    const votes = TTL_BOUNDARIES.map(({ sizeMin, sizeMax, ttl }, step) =>
      step < this.steps && this.nodes >= sizeMin && (this.nodes <= sizeMax || step === this.steps - 1)
        ? nodeTtlSeconds.reduce((sum, seconds) => sum + (seconds === ttl ? 1 : 0), 0)
        : 0,
    );
    const most = Math.max(...votes);
    return most === 0 ? undefined : votes.indexOf(most);
  }
}

/** What TTLs depend on. */
interface TtlNodes {
  readonly nodeCount: number;
  readonly nodeTtlSeconds: Float64Array | null;
}

/**
 * The TTL of each node in microseconds: its annotation, the TTL controller's table, or the default.
 * @param nodesAtStart of the whole cluster, whether or not all of them are asked for
 */
export function nodeTtls(input: RunInput, nodes: TtlNodes, nodesAtStart: number): Float64Array {
  const { nodeTtl } = input.kubelet;
  const fallback = typeof nodeTtl === 'number' ? nodeTtl : DEFAULT_TTL_SECONDS * SECOND_US;
  const ttls = new Float64Array(nodes.nodeCount).fill(fallback);
  if (nodeTtl !== 'auto') return ttls;
  const annotated = nodes.nodeTtlSeconds;
  if (annotated === null) return ttls.fill(ttlSecondsFor(nodesAtStart, input.behaviours.ttlBoundaries) * SECOND_US);
  return ttls.map((ttl, node) => (Number.isNaN(annotated[node]) ? ttl : annotated[node] * SECOND_US));
}
