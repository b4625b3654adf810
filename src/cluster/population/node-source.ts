import type { Memory } from '../../sim/memory.js';
import { isStored, OBJECT_KINDS } from '../model/kinds.js';
import type { Population } from './population.js';
import type { SecretExposure } from './secret-exposure.js';

/** The objects that a run may write, as those know them who write, store and report them: columns by their number. */
export type StoredObjects = Pick<
  Population,
  | 'objectCount'
  | 'objectKind'
  | 'objectClass'
  | 'objectSize'
  | 'objectImmutable'
  | 'objectExists'
  | 'objectNameHigh'
  | 'objectNameLow'
  | 'classNames'
  | 'lifecycle'
  | 'objectsOf'
  | 'objectName'
> & {
  /** Number of each in the whole cluster; absent: the same. */
  readonly objectNumber?: Int32Array;
};

/** What a run has to know of its cluster as a whole, whatever part of it is in memory. */
export interface ClusterFacts {
  readonly nodeCount: number;
  readonly nodesAtStart: number;
  readonly consumerCount: number;
  readonly deploymentCount: number;
  /** Annotation `node.alpha.kubernetes.io/ttl` in seconds, NaN where a node has none; null: not known, synthetic. */
  readonly nodeTtlSeconds: Float64Array | null;
  /** By kind of object. */
  readonly objectsOfKind: readonly number[];
  /** Size of all objects together that API servers hold. */
  readonly objectBytes: number;
}

/**
 * A cluster that can be had section by section. A run whose nodes do not meet has only as much of it in memory as it
 * simulates at a time.
 */
export interface NodeSource {
  readonly facts: ClusterFacts;
  readonly objects: StoredObjects;
  readonly exposure: SecretExposure;
  /** All of it in one, where it has been built; null: it never is. */
  readonly whole: Population | null;
  /**
   * The nodes from `first` to `last` (exclusive). `memory`: where columns may be that are made for the section; whoever keeps
   * it has to keep them.
   */
  section(first: number, last: number, memory?: Memory): Population;
}

/** The facts about a cluster that has been built. */
export function factsOf(population: Population): ClusterFacts {
  const { nodeCount, nodeArrives, consumerCount, deploymentCount, nodeTtlSeconds, objectKind, objectSize } = population;
  return {
    nodeCount,
    nodesAtStart: nodeArrives.reduce((count, arrives) => count + 1 - arrives, 0),
    consumerCount,
    deploymentCount,
    nodeTtlSeconds,
    objectsOfKind: OBJECT_KINDS.map((_, kind) => objectKind.reduce((count, each) => count + +(each === kind), 0)),
    objectBytes: objectSize.reduce((sum, size, object) => sum + (isStored(objectKind[object]) ? size : 0), 0),
  };
}
