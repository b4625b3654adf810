import { arrives } from './arrives.js';
import {
  FlowControl,
  EXECUTE,
  QUEUED,
  REJECTED,
  type Level,
} from '../../../../src/cluster/kube-apiserver/flow-control.js';
import { behavioursOf, type Behaviours, type Release } from '../../../../src/cluster/model/versions.js';

/** A flow whose hand of 64 or 128 queues is `first` … `first + 5`: every digit of its hash value is `first`. */
export function flowAt(first: number, queues = 64): readonly [number, number] {
  let hash = 0n;
  for (let base = queues - 5; base <= queues; base++) hash = BigInt(first) + BigInt(base) * hash;
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)];
}

/** Flow control of a server with the default limits. */
export function flowControl(release: Release, overrides: Partial<Behaviours> = {}): FlowControl {
  return new FlowControl({ ...behavioursOf(release, release), ...overrides }, 400, 200);
}

/** Sends `count` requests of one flow with ids from `firstId`; returns the decisions counted. */
export function send(
  control: FlowControl,
  level: Level,
  flow: readonly [number, number],
  firstId: number,
  count: number,
  now: number,
): { executed: number; queued: number; rejected: number } {
  const decisions = [0, 0, 0];
  for (let id = firstId; id < firstId + count; id++) decisions[arrives(control, id, level, flow, 1, false, now)]++;
  return { executed: decisions[EXECUTE], queued: decisions[QUEUED], rejected: decisions[REJECTED] };
}

/** All requests that may execute now. */
export function drain(control: FlowControl, now: number): number[] {
  const ids: number[] = [];
  for (let id = control.next(now); id >= 0; id = control.next(now)) ids.push(id);
  return ids;
}
