import { group } from 'd3-array';
import { valuesByField } from '../../experiment/language/joint-values.js';
import type { ResultScenario } from '../read/result-data.js';
import { rotationRowIn } from '../read/rotation.js';
import { overlapSeconds, overlapText } from '../rotation-lines.js';
import type { RotationRow } from '../tables/rotation.js';
import type { DrawnData } from './scenes.js';

/** For how long a scenario's old credential is to be kept. */
export interface ScenarioRotation {
  readonly scenario: ResultScenario;
  /** Its rows of rotation.csv. */
  readonly rows: readonly RotationRow[];
  /** The advice, and its seconds; null where the rotations are too few for one. */
  readonly advice: string | null;
  readonly seconds: number | null;
}

const REFRESH_PATH = 'pipeline.source.refreshInterval';

/** The rotations of the scenarios that have any; none where the experiment does not ask for them. */
export function rotationsOf({ manifest, scenarios, rotation }: DrawnData): readonly ScenarioRotation[] {
  const rowsOf = group(rotation, (row) => row['scenario']);
  const always = REFRESH_PATH.split('.').reduce(fieldOf, manifest.spec) !== undefined;
  return scenarios.flatMap((scenario) => {
    const rows = rowsOf.get(scenario.scenario.name)?.map(rotationRowIn) ?? [];
    if (rows.length === 0) return [];
    const varied = Object.entries(scenario.scenario.factors).flatMap(([path, value]) => valuesByField(path, value));
    const polled = always || varied.some(([path]) => path === REFRESH_PATH);
    const never = (scenario.metrics.never_projected.max ?? 0) > 0;
    return [{ scenario, rows, advice: overlapText(rows, { polled, never }), seconds: overlapSeconds(rows) }];
  });
}

/** A field of what may hold one. */
function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
