import type { World } from '../world/world.js';
import { UPDATE } from '../workload/writes.js';

/**
 * A Bundle of trust-manager that is made from a Secret of the cluster (`pkg/bundle`, sources: secret), such as that of a
 * Certificate of an authority: what there is to be copied is what has been committed of the Secret, whoever wrote it.
 */
export class Bundle {
  /** The copies, one ConfigMap in each namespace. */
  readonly copies: ReadonlySet<number>;
  /** Changes of the Secret that have been committed. */
  committedChanges = 0;
  private readonly secret: number;
  /** Writes that change it, in the order of time. */
  private readonly writes: readonly number[];

  /** `source` and `copies`: targets as the timeline has them; the source is one Secret. */
  constructor(
    private readonly world: Pick<World, 'etcd' | 'population' | 'writes'>,
    source: string,
    copies: string,
  ) {
    const { population, writes } = world;
    [this.secret] = population.objectsOf(source, 'Secret');
    this.copies = new Set(population.objectsOf(copies, 'ConfigMap'));
    const all = Array.from({ length: writes.count }, (_, write) => write);
    const at = (write: number): number => writes.changedAt.get(write) ?? writes.sent.get(write);
    this.writes = all
      .filter((write) => writes.object.get(write) === this.secret && writes.action.get(write) === UPDATE)
      .sort((a, b) => at(a) - at(b) || a - b);
  }

  /** True for a revision of the Secret. */
  isMadeFrom(revision: number): boolean {
    return this.world.etcd.object[revision] === this.secret;
  }

  /** A server has carried a write of the Secret out. */
  committed(revision: number): void {
    this.committedChanges = Math.max(this.committedChanges, this.writes.indexOf(this.world.etcd.write[revision]) + 1);
  }
}
