import { GrowableInt32 } from '../../sim/growable.js';
import type { Templates } from './handovers.js';
import type { Roster } from './roster.js';

/** The rollouts of each deployment in their order, each with the template that it brings. */
export class RolloutTemplates implements Templates {
  /** Per rollout: the one before of the same deployment (−1: none), its change, and when that is through at the latest. */
  private readonly previous = new GrowableInt32();
  private readonly change = new GrowableInt32();
  private readonly latestUs: number[] = [];
  private readonly lastRollout: Int32Array;
  private readonly rollouts: Int32Array;

  constructor(private readonly roster: Roster) {
    this.lastRollout = new Int32Array(roster.deploymentCount).fill(-1);
    this.rollouts = new Int32Array(roster.deploymentCount);
  }

  /** Adds a rollout by a change, which begins at `latestUs` at the latest; returns how many the deployment has had. */
  add(deployment: number, change: number, latestUs: number): number {
    const before = this.lastRollout[deployment];
    this.lastRollout[deployment] = this.change.length;
    this.previous.push(before);
    this.change.push(change);
    // Rollouts of a deployment follow each other in the order of their changes.
    this.latestUs.push(Math.max(latestUs, before < 0 ? -Infinity : this.latestUs[before]));
    return ++this.rollouts[deployment];
  }

  rolloutsOf(deployment: number): number {
    return this.rollouts[deployment];
  }

  possibleAt(deployment: number, us: number): readonly { readonly template: number; readonly rollouts: number }[] {
    const possible: { template: number; rollouts: number }[] = [];
    let rollout = this.lastRollout[deployment];
    for (let rollouts = this.rollouts[deployment]; ; rollouts--) {
      const template = rollout < 0 ? this.roster.deploymentJoins[deployment] : this.change.get(rollout);
      possible.push({ template, rollouts });
      if (rollout < 0 || this.latestUs[rollout] <= us) return possible;
      rollout = this.previous.get(rollout);
    }
  }
}
