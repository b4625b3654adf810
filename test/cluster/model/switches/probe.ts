import { expect } from 'chai';
import { SECOND_US } from '../../../../src/sim/units.js';
import {
  type DefaultName,
  DEFAULTS,
  DEFAULTS_BY_COMPONENT,
  type SwitchName,
  SWITCHES,
} from '../../../../src/cluster/model/switches/switches.js';
import type { Switch } from '../../../../src/cluster/model/switches/switch.js';
import { type Release, RELEASES } from '../../../../src/cluster/model/versions.js';
import type { Scenario } from '../../scenario.js';

/** What follows from a value of a switch, for the number that a probe reads off a run. */
export interface Law {
  readonly says: string;
  /** The smallest and the largest number that the law allows. */
  readonly from: number;
  readonly to: number;
}

/** A run that shows which value a switch has. */
export interface Probe {
  readonly of: SwitchName | DefaultName;
  /** What is read off the run. */
  readonly measures: string;
  /** The release is the one under test; other switches are given only where they are needed to see this one. */
  readonly scenario: Scenario;
  readonly read: (scenario: Scenario) => number | Promise<number>;
  /** By value of the switch. */
  readonly laws: Readonly<Record<string, Law>>;
}

/** A change of a switch: at `release`, from the value of `before`. */
export interface Change {
  readonly of: SwitchName | DefaultName;
  readonly before: Release;
  readonly release: Release;
  readonly old: string | number | boolean;
  readonly now: string | number | boolean;
}

const ALL: Readonly<Record<string, Switch>> = { ...SWITCHES, ...DEFAULTS };

/** Every change of every switch, and of the defaults of fields. */
export function allChanges(): Change[] {
  return (Object.keys(ALL) as Change['of'][]).flatMap((of) => {
    const { by } = ALL[of];
    return by.slice(1).map(([release, now], i) => {
      const before = RELEASES[RELEASES.indexOf(release) - 1];
      return { of, before, release, old: by[i][1], now };
    });
  });
}

/** True where a probe can tell the two sides of a change from each other. */
export function tells({ of, laws }: Probe, change: Change): boolean {
  return of === change.of && String(change.old) in laws && String(change.now) in laws;
}

/** The probe's scenario at a release, with the switch as it is there, or turned to a value. */
function scenarioAt({ of, scenario }: Probe, release: Release, value?: Change['now']): Scenario {
  if (value === undefined) return { ...scenario, release };
  if (of in SWITCHES) return { ...scenario, release, behaviours: { ...scenario.behaviours, [of]: value } };
  return of in DEFAULTS_BY_COMPONENT.etcd
    ? { ...scenario, release, etcd: { watchProgressNotifyIntervalUs: Number(value) * SECOND_US } }
    : { ...scenario, release, kubelet: { ...scenario.kubelet, [of]: value } };
}

async function expectLaw(probe: Probe, law: Law, scenario: Scenario, which: string): Promise<void> {
  expect(await probe.read(scenario), `${probe.measures} ${which}: ${law.says}`).to.be.within(law.from, law.to);
}

/**
 * For each change that a probe can tell: at its release the new law holds, and the old one where the switch is turned
 * back; at the release before the old law holds, and the new one where the switch is turned on early.
 */
export function describeProbes(component: string, probes: readonly Probe[]): void {
  describe(`what changed in ${component}`, () => {
    for (const probe of probes) {
      for (const change of allChanges().filter((each) => tells(probe, each))) {
        const { of, before, release, old, now } = change;
        const [was, is] = [probe.laws[String(old)], probe.laws[String(now)]];
        it(`${of}, ${release}: ${probe.measures}: not any more ${was.says}, but ${is.says}`, async () => {
          expect(is.from > was.to || is.to < was.from, 'the laws exclude each other').to.equal(true);
          await expectLaw(probe, is, scenarioAt(probe, release), `at ${release}`);
          await expectLaw(probe, was, scenarioAt(probe, release, old), `at ${release} with ${String(old)}`);
          await expectLaw(probe, was, scenarioAt(probe, before), `at ${before}`);
          await expectLaw(probe, is, scenarioAt(probe, before, now), `at ${before} with ${String(now)}`);
        });
      }
    }
  });
}
