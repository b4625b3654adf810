import { extendHigh, extendLow, extendName, type NameHash, nameOf } from '../../sim/names.js';
import type { Scope, SyntheticCluster } from '../model/model-input.js';

/** Columns of pods that have been looked up. */
export interface FoundPods {
  readonly deployment: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
}

/** Deployments, by place on a node: with their names, and the number of the pod that stands there. */
interface PlaceOwners extends FoundPods {
  readonly ordinal: Int32Array;
}

/**
 * Which pod of a cluster that is made from counts is where, and how all are called. Replica i of all deployments, one
 * after another, runs on node i mod nodes; pods are numbered by node. The deployments fill one namespace after another,
 * evenly.
 */
export class SyntheticLayout {
  readonly nodes: number;
  readonly podsPerNode: number;
  readonly pods: number;
  readonly deployments: number;
  readonly namespaces: number;
  /** What was looked up last. */
  foundDeployment = 0;
  foundHigh = 0;
  foundLow = 0;
  private readonly deploymentReplicas: number;
  private readonly podTag = nameOf('pod');
  private readonly nodeTag = nameOf('node');

  constructor({ nodes, podsPerNode, deploymentReplicas, namespaces }: SyntheticCluster) {
    this.nodes = nodes;
    this.podsPerNode = podsPerNode;
    this.pods = nodes * podsPerNode;
    this.deploymentReplicas = deploymentReplicas;
    this.deployments = Math.ceil(this.pods / deploymentReplicas);
    this.namespaces = namespaces;
  }

  nodeOf(pod: number): number {
    return Math.floor(pod / this.podsPerNode);
  }

  deploymentOf(pod: number): number {
    return Math.floor(this.replicaOf(pod) / this.deploymentReplicas);
  }

  namespaceOf(deployment: number): number {
    return Math.floor((deployment * this.namespaces) / this.deployments);
  }

  nodeName(node: number): NameHash {
    return extendName(this.nodeTag, node);
  }

  /** Names `nodes` nodes from `first` on, all at once. */
  nameNodes(first: number, nodes: number, { high, low }: Pick<FoundPods, 'high' | 'low'>): void {
    const { nodeTag } = this;
    for (let node = 0; node < nodes; node++) {
      high[node] = extendHigh(nodeTag.high, nodeTag.low, first + node);
      low[node] = extendLow(nodeTag.high, nodeTag.low, first + node);
    }
  }

  podName(pod: number): NameHash {
    this.find(pod);
    return { high: this.foundHigh, low: this.foundLow };
  }

  /** Looks a pod up: its deployment and its name, which is the deployment's, extended by its number in it. */
  find(pod: number): void {
    const { podTag, deploymentReplicas } = this;
    const replica = this.replicaOf(pod);
    const deployment = Math.floor(replica / deploymentReplicas);
    const high = extendHigh(podTag.high, podTag.low, deployment);
    const low = extendLow(podTag.high, podTag.low, deployment);
    const ordinal = replica - deployment * deploymentReplicas;
    this.foundDeployment = deployment;
    this.foundHigh = extendHigh(high, low, ordinal);
    this.foundLow = extendLow(high, low, ordinal);
  }

  /** Looks up the pods of `nodes` nodes from `first` on, all at once: their deployments and names, by pod, in columns. */
  findAll(first: number, nodes: number, { deployment, high, low }: FoundPods): void {
    const { podsPerNode, deploymentReplicas } = this;
    const owners = this.ownersOf(first);
    for (let pod = 0; pod < nodes * podsPerNode;) {
      for (let place = 0; place < podsPerNode; place++, pod++) {
        // What stands at one place of successive nodes are successive replicas.
        if (owners.ordinal[place] === deploymentReplicas) this.own(owners, place, owners.deployment[place] + 1, 0);
        const ordinal = owners.ordinal[place]++;
        deployment[pod] = owners.deployment[place];
        high[pod] = extendHigh(owners.high[place], owners.low[place], ordinal);
        low[pod] = extendLow(owners.high[place], owners.low[place], ordinal);
      }
    }
  }

  /** Whose pods stand at each place of a node, and which of theirs. */
  private ownersOf(node: number): PlaceOwners {
    const { podsPerNode, deploymentReplicas } = this;
    const column = (): Int32Array => new Int32Array(podsPerNode);
    const owners = { deployment: column(), high: column(), low: column(), ordinal: column() };
    for (let place = 0; place < podsPerNode; place++) {
      const replica = place * this.nodes + node;
      const deployment = Math.floor(replica / deploymentReplicas);
      this.own(owners, place, deployment, replica - deployment * deploymentReplicas);
    }
    return owners;
  }

  /** A deployment's pods stand at a place, from number `ordinal` on. */
  private own(owners: PlaceOwners, place: number, deployment: number, ordinal: number): void {
    const { podTag } = this;
    owners.deployment[place] = deployment;
    owners.ordinal[place] = ordinal;
    owners.high[place] = extendHigh(podTag.high, podTag.low, deployment);
    owners.low[place] = extendLow(podTag.high, podTag.low, deployment);
  }

  /** How many have objects of a scope. */
  scopes(scope: Scope): number {
    const counts = {
      cluster: 1,
      namespace: this.namespaces,
      deployment: this.deployments,
      node: this.nodes,
      pod: this.pods,
    };
    return counts[scope];
  }

  /** Which of those that have objects of a scope a pod belongs to. */
  sharedBy(scope: Scope, pod: number): number {
    switch (scope) {
      case 'cluster':
        return 0;
      case 'namespace':
        return this.namespaceOf(this.deploymentOf(pod));
      case 'deployment':
        return this.deploymentOf(pod);
      case 'node':
        return this.nodeOf(pod);
      case 'pod':
        return pod;
    }
  }

  /** The name of what one of those has of a class, whose own is `tag`. */
  scopeName(scope: Scope, tag: NameHash, shared: number): NameHash {
    if (scope !== 'pod') return extendName(tag, shared);
    const pod = this.podName(shared);
    return { high: pod.high ^ tag.high, low: pod.low ^ tag.low };
  }

  /** How it is called in words, `namespace/name`. */
  scopeLabel(scope: Scope, shared: number, name: string): string {
    switch (scope) {
      case 'cluster':
        return `shared/${name}`;
      case 'namespace':
        return `ns-${shared}/${name}`;
      case 'deployment':
        return `${this.deploymentLabel(shared)}-${name}`;
      case 'node':
        return `nodes/node-${shared}-${name}`;
      case 'pod':
        return `${this.podLabel(shared)}-${name}`;
    }
  }

  deploymentLabel(deployment: number): string {
    return `ns-${this.namespaceOf(deployment)}/app-${deployment}`;
  }

  podLabel(pod: number): string {
    return `${this.deploymentLabel(this.deploymentOf(pod))}-${this.ordinalOf(pod)}`;
  }

  /** Position of a pod in its deployment. */
  private ordinalOf(pod: number): number {
    return this.replicaOf(pod) % this.deploymentReplicas;
  }

  /** Position of a pod among the replicas of all deployments. */
  private replicaOf(pod: number): number {
    const node = Math.floor(pod / this.podsPerNode);
    return (pod - node * this.podsPerNode) * this.nodes + node;
  }
}
