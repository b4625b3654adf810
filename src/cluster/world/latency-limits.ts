import { latencyLaw } from '../model/latency.js';
import type { Latency, RunInput } from '../model/model-input.js';

/**
 * The longest latencies that are ever drawn, µs. The laws have no upper end; the model draws them from 32 bits, so that
 * what less than one request in four billion (2³²) exceeds is not drawn.
 */
export interface LatencyLimits {
  /** From the commit until a watch cache has it. */
  readonly etcdWatch: number;
  /** From the watch cache until the event is sent. */
  readonly dispatch: number;
  /** Half a round trip. */
  readonly oneWay: number;
  /** GETs, from the kubelet and back. */
  readonly cachedGet: number;
  readonly quorumGet: number;
  /** A WATCH, until it is open. */
  readonly watch: number;
}

/** The longest latencies of a run. */
export function latencyLimits({
  network,
  etcd,
  apiServer,
}: Pick<RunInput, 'network' | 'etcd' | 'apiServer'>): LatencyLimits {
  // Half a round trip is rounded to whole microseconds before there are two of them.
  const oneWay = Math.round(longest(network.roundTrip) / 2);
  const answered = (service: Latency): number => 2 * oneWay + longest(service);
  return {
    etcdWatch: longest(etcd.watch),
    dispatch: longest(apiServer.dispatch),
    oneWay,
    cachedGet: answered(apiServer.getFromCache),
    quorumGet: answered(apiServer.getQuorum),
    watch: answered(apiServer.watch),
  };
}

function longest(latency: Latency): number {
  return latencyLaw(latency).longest;
}
