import { DEFAULTS, measuredText, type Finding } from './findings.js';
import type { Stretch } from './stretch.js';

const LIMITS = [
  'apiserver_flowcontrol_nominal_limit_seats',
  'apiserver_flowcontrol_request_concurrency_limit',
] as const;

/** Steps in which people choose limits. */
const ROUND_STEPS = [100, 50, 10, 5, 1];

/**
 * `apiServer.maxRequestsInflight` and `maxMutatingRequestsInflight`: flow control divides their sum among the priority
 * levels and rounds each part up (`apf_controller.go`), so the sum of the limits is at most one more per level: the
 * roundest number within that is taken. Only the sum matters under flow control; it is split as the defaults are.
 */
export function seatFindings({ counted }: Stretch): readonly Finding[] {
  const { maxRequestsInflight, maxMutatingRequestsInflight } = DEFAULTS.apiServer;
  const name = counted.firstOf(LIMITS);
  const from = name === undefined ? [] : [name];
  const finding = (field: string, standard: number, value: number | null, note: string): Finding => ({
    field: `apiServer.${field}`,
    value,
    default: standard,
    from,
    note,
  });
  const both = (readOnly: number | null, mutating: number | null, note: string): Finding[] => [
    finding('maxRequestsInflight', maxRequestsInflight, readOnly, note),
    finding('maxMutatingRequestsInflight', maxMutatingRequestsInflight, mutating, note),
  ];
  if (name === undefined) return both(null, null, 'no series tells the limits of flow control');
  const limits = counted.rows(name).filter(({ value }) => value > 0);
  const sum = Math.round(limits.reduce((total, { value }) => total + value, 0));
  if (sum < 2) return both(null, null, `${name} has no limit above 0`);
  const total = roundest(Math.max(2, sum - limits.length + 1), sum);
  const share = maxMutatingRequestsInflight / (maxRequestsInflight + maxMutatingRequestsInflight);
  const mutating = Math.floor(total * share);
  const note =
    `the limits of ${limits.length} priority levels, each rounded up, add to ${measuredText(sum)}: ` +
    `${measuredText(total)} in all, split as the defaults are; only their sum matters`;
  return both(total - mutating, mutating, note);
}

function roundest(low: number, high: number): number {
  return ROUND_STEPS.map((step) => Math.floor(high / step) * step).find((number) => number >= low) ?? high;
}
