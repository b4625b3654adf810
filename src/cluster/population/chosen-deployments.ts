import type { DeploymentChoice } from '../model/timeline-actions.js';
import type { Roster } from './roster.js';
import { chosenShare } from './shares.js';

/** Which deployments an action concerns. */
export class ChosenDeployments {
  /** `usersOf`: those that use what a change concerns. */
  constructor(
    private readonly roster: Roster,
    private readonly seed: string,
    private readonly usersOf: (change: number) => readonly number[],
  ) {}

  /** Those of a change, of those that admit it: by name, so that a larger share contains a smaller one. */
  of(
    change: number,
    { consumersOf, deployments }: DeploymentChoice,
    purpose: readonly (string | number)[],
    admits: (deployment: number) => boolean,
  ): number[] {
    const { deploymentCount, deploymentNames, deploymentJoins } = this.roster;
    const there: number[] = [];
    if (consumersOf !== null) there.push(...this.usersOf(change));
    else for (let d = 0; d < deploymentCount; d++) if (deploymentJoins[d] < change) there.push(d);
    const admitted = there.filter(admits);
    const isChosen = chosenShare(admitted.length, deployments, this.seed, purpose, (i) => ({
      high: deploymentNames.high[admitted[i]],
      low: deploymentNames.low[admitted[i]],
    }));
    return admitted.filter((_, i) => isChosen(i));
  }
}
