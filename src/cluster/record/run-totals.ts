import type { Kubelet } from '../kubelet/kubelet.js';
import type { NodeOperation } from '../kubelet/node-operation.js';
import type { RateLimiter } from '../model/rate-limiter.js';

/** What is only added up over the nodes of a run. Times in µs. */
export interface RunTotals {
  mountFailures: number;
  /** HTTP/2 connections of all kubelets. */
  connections: number;
  started: number;
  startUs: number;
  longestStart: number;
  /** The longest that a request waited for its kubelet's limiter. */
  longestWait: number;
  /** End of the simulation. */
  end: number;
}

export function noTotals(end: number): RunTotals {
  return { mountFailures: 0, connections: 0, started: 0, startUs: 0, longestStart: 0, longestWait: 0, end };
}

/** What some nodes have counted that are done. */
export function totalsOf(kubelet: Kubelet, nodes: NodeOperation, limiter: RateLimiter, end: number): RunTotals {
  const { starts, reconciler } = kubelet;
  return {
    mountFailures: reconciler.mountFailures,
    connections: nodes.connections,
    started: starts.started,
    startUs: starts.startUs,
    longestStart: starts.longestStart,
    longestWait: limiter.longestWait,
    end,
  };
}

/** Adds the totals of other nodes. */
export function addTotals(to: RunTotals, from: RunTotals): void {
  to.mountFailures += from.mountFailures;
  to.connections += from.connections;
  to.started += from.started;
  to.startUs += from.startUs;
  to.longestStart = Math.max(to.longestStart, from.longestStart);
  to.longestWait = Math.max(to.longestWait, from.longestWait);
  to.end = Math.max(to.end, from.end);
}
