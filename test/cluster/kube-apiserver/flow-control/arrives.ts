import { type FlowControl, type Level, READS } from '../../../../src/cluster/kube-apiserver/flow-control.js';

/** A request of a flow arrives that wants `seats`; `mutating`: a write, in which `watchers` are interested. */
export function arrives(
  control: FlowControl,
  id: number,
  level: Level,
  flow: readonly [high: number, low: number],
  seats: number,
  mutating: boolean,
  now: number,
  watchers = 0,
): number {
  control.announce(id, level, seats, mutating ? watchers : READS);
  return control.arrive(id, flow[0], flow[1], now);
}
