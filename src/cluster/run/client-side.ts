import { RestClient } from '../client-go/rest-client.js';
import { Encryption } from '../kube-apiserver/encryption.js';
import { KmsSeeds } from '../kube-apiserver/kms-seeds.js';
import { LoadBalancer } from '../kube-apiserver/load-balancer.js';
import { Requests } from '../kube-apiserver/requests.js';
import { ServerProcess } from '../kube-apiserver/server-process.js';
import { ToldVersions } from '../kube-apiserver/told-versions.js';
import { Reads } from '../kubelet/reads.js';
import type { Clients } from '../kubelet/secret-manager/strategy.js';
import { StormLog } from '../meters/storm-log.js';
import { KIND } from '../model/kinds.js';
import { ExternalStore } from '../operators/external-store.js';
import type { World } from '../world/world.js';

/** What clients need of the API servers, and what both share: it stands before either. */
export interface ClientSide extends Clients {
  readonly processes: readonly ServerProcess[];
  readonly encryption: Encryption;
  readonly balancer: LoadBalancer;
}

/** The store outside of the cluster; null where there is none. */
function storeOf(world: World): ExternalStore | null {
  const { operators } = world.input;
  return operators === undefined ? null : new ExternalStore(world, world.operatorLoad, operators.store);
}

export function clientSide(world: World): ClientSide {
  const { input, population, random } = world;
  const requests = new Requests(world.sim);
  const processes = Array.from(
    { length: input.apiServers },
    (_, server) => new ServerProcess(input, world.sim, server, world.population.nodeCount),
  );
  const balancer = new LoadBalancer(world, processes);
  const secrets = population.objectKind.reduce((sum, kind) => (kind === KIND.Secret ? sum + 1 : sum), 0);
  const seeds = new KmsSeeds(population, processes.length);
  return {
    requests,
    processes,
    balancer,
    encryption: new Encryption(input.apiServer.encryption, processes.length, secrets, seeds, random),
    storms: new StormLog(population.entryCount),
    told: new ToldVersions(input, random),
    client: new RestClient(world, requests, balancer),
    reads: new Reads(),
    store: storeOf(world),
  };
}
