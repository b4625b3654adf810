import type { RunInput } from '../model/model-input.js';
import { occurrenceAddress } from '../model/random-addresses.js';
import { changesOf, type LifecyclePlan, NO_POD } from '../population/lifecycle-plan.js';
import type { World } from '../world/world.js';

/**
 * The rollouts by Reloader that the lifecycle plan has room for. Assumption: a Deployment several of whose objects change by
 * one occurrence of a timeline entry is rolled out once, by the last of them; the rollouts that this one would overtake are
 * left out, their requests are not.
 */
export class PlannedReloads {
  /** Change of the lifecycle plan by the address of its occurrence. */
  private readonly changeOf = new Map<number, number>();
  /** Rollouts that concern an object, by change. */
  private readonly ofChange = new Map<number, ReadonlyMap<number, readonly number[]>>();
  /** Objects whose change each rollout waits for yet. */
  private readonly missing = new Map<number, Set<number>>();

  constructor(private readonly world: Pick<World, 'input' | 'population' | 'etcd' | 'writes'>) {
    const { input, population } = world;
    const { lifecycle } = population;
    if (lifecycle === null) return;
    input.timeline.forEach((entry, index) => {
      if (!('reloads' in entry)) return;
      changesOf(lifecycle, index).forEach((change, occurrence) => {
        this.changeOf.set(occurrenceAddress(index, occurrence), change);
        this.ofChange.set(change, this.rolloutsByObject(change, lifecycle, targets(input, world, index)));
      });
    });
  }

  /** The rollouts that concern the object of a revision, which they wait for no longer. */
  changed(revision: number): readonly number[] {
    const rollouts = this.concerned(revision);
    for (const rollout of rollouts) this.missing.get(rollout)?.delete(this.world.etcd.object[revision]);
    return rollouts;
  }

  /** True where a rollout waits for no other object. */
  isReady(rollout: number): boolean {
    return this.missing.get(rollout)?.size === 0;
  }

  private concerned(revision: number): readonly number[] {
    const { etcd, writes } = this.world;
    const change = this.changeOf.get(writes.occurrence.get(etcd.write[revision]));
    if (change === undefined) return [];
    return this.ofChange.get(change)?.get(etcd.object[revision]) ?? [];
  }

  private rolloutsByObject(
    change: number,
    lifecycle: LifecyclePlan,
    meant: ReadonlySet<number>,
  ): ReadonlyMap<number, readonly number[]> {
    const { podConsumerStart, consumerObject, objectImmutable } = this.world.population;
    const { rolloutStart, rolloutPodStart, rolloutPods } = lifecycle;
    const byObject = new Map<number, number[]>();
    for (let rollout = rolloutStart[change]; rollout < rolloutStart[change + 1]; rollout++) {
      const objects = new Set<number>();
      for (let i = rolloutPodStart[rollout]; i < rolloutPodStart[rollout + 1]; i++) {
        const pod = rolloutPods[i];
        if (pod === NO_POD) continue;
        for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
          const object = consumerObject[c];
          if (meant.has(object) && objectImmutable[object] === 0) objects.add(object);
        }
      }
      this.missing.set(rollout, objects);
      for (const object of objects) {
        const rollouts = byObject.get(object);
        if (rollouts === undefined) byObject.set(object, [rollout]);
        else rollouts.push(rollout);
      }
    }
    return byObject;
  }
}

/** The objects that an entry of the timeline changes. */
function targets(
  { timeline }: RunInput,
  { population }: Pick<World, 'population'>,
  index: number,
): ReadonlySet<number> {
  const entry = timeline[index];
  return new Set('target' in entry ? population.objectsOf(entry.target, entry.kind) : []);
}
