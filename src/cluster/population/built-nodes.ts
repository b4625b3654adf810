import { factsOf, type ClusterFacts, type NodeSource, type StoredObjects } from './node-source.js';
import { indexPopulation } from './index-population.js';
import { type Population } from './population.js';
import { exposureOf, type SecretExposure } from './secret-exposure.js';

/** A cluster that has been built as a whole: sections are copied out of it. */
export class BuiltNodes implements NodeSource {
  readonly facts: ClusterFacts;
  readonly objects: StoredObjects;
  private known: SecretExposure | null = null;
  /** Number of each object in the section that is being made; −1: it has none yet. */
  private readonly numberOf: Int32Array;

  constructor(readonly whole: Population) {
    this.facts = factsOf(whole);
    this.objects = whole;
    this.numberOf = new Int32Array(whole.objectCount).fill(-1);
  }

  get exposure(): SecretExposure {
    return (this.known ??= exposureOf(this.whole));
  }

  section(first: number, last: number): Population {
    const { whole } = this;
    if (first === 0 && last === whole.nodeCount) return whole;
    const { nodePodStart, podConsumerStart } = whole;
    const [pod, lastPod] = [nodePodStart[first], nodePodStart[last]];
    const [consumer, lastConsumer] = [podConsumerStart[pod], podConsumerStart[lastPod]];
    const consumerObject = whole.consumerObject.slice(consumer, lastConsumer);
    const objectStored = this.numberObjects(consumerObject);
    return indexPopulation(
      {
        ...whole,
        ...objectsIn(whole, objectStored),
        nodeCount: last - first,
        podCount: lastPod - pod,
        consumerCount: lastConsumer - consumer,
        nodePodStart: whole.nodePodStart.slice(first, last + 1).map((start) => start - pod),
        nodeNameHigh: whole.nodeNameHigh.subarray(first, last),
        nodeNameLow: whole.nodeNameLow.subarray(first, last),
        nodeTtlSeconds: whole.nodeTtlSeconds?.subarray(first, last) ?? null,
        nodeArrives: whole.nodeArrives.subarray(first, last),
        podNode: whole.podNode.slice(pod, lastPod).map((node) => node - first),
        podNameHigh: whole.podNameHigh.subarray(pod, lastPod),
        podNameLow: whole.podNameLow.subarray(pod, lastPod),
        podDeployment: whole.podDeployment.subarray(pod, lastPod),
        podPending: whole.podPending.subarray(pod, lastPod),
        podStartsAfter: whole.podStartsAfter?.subarray(pod, lastPod) ?? null,
        podArrives: whole.podArrives.subarray(pod, lastPod),
        podConsumerStart: whole.podConsumerStart.slice(pod, lastPod + 1).map((start) => start - consumer),
        consumerObject,
        consumerMode: whole.consumerMode.subarray(consumer, lastConsumer),
        consumerFlags: whole.consumerFlags.subarray(consumer, lastConsumer),
        nodeName: (node) => whole.nodeName(first + node),
        nodePool: (node) => whole.nodePool(first + node),
        podName: (each) => whole.podName(pod + each),
        podOwner: (each) => whole.podOwner(pod + each),
        objectName: (object) => whole.objectName(objectStored[object]),
      },
      { firstConsumer: consumer, objectStored },
    );
  }

  /** Gives the objects of consumers numbers of their own, in place; returns their numbers in the whole cluster. */
  private numberObjects(consumerObject: Int32Array): Int32Array {
    const { numberOf } = this;
    const objects = new Int32Array(consumerObject.length);
    let count = 0;
    consumerObject.forEach((object, consumer) => {
      if (numberOf[object] < 0) {
        objects[count] = object;
        numberOf[object] = count++;
      }
      consumerObject[consumer] = numberOf[object];
    });
    const found = objects.slice(0, count);
    for (const object of found) numberOf[object] = -1;
    return found;
  }
}

/** The columns of some objects. */
function objectsIn(whole: Population, objects: Int32Array) {
  return {
    objectCount: objects.length,
    objectClass: objects.map((object) => whole.objectClass[object]),
    objectKind: Uint8Array.from(objects, (object) => whole.objectKind[object]),
    objectSize: Float64Array.from(objects, (object) => whole.objectSize[object]),
    objectImmutable: Uint8Array.from(objects, (object) => whole.objectImmutable[object]),
    objectSelectedBy: Uint8Array.from(objects, (object) => whole.objectSelectedBy[object]),
    objectExists: Uint8Array.from(objects, (object) => whole.objectExists[object]),
    objectArrives: Uint8Array.from(objects, (object) => whole.objectArrives[object]),
    objectTrigger: objects.map((object) => whole.objectTrigger[object]),
    objectNameHigh: objects.map((object) => whole.objectNameHigh[object]),
    objectNameLow: objects.map((object) => whole.objectNameLow[object]),
  };
}
