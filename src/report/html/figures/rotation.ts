import { group } from 'd3-array';
import { cellsOf } from '../../columns.js';
import { compactUp } from '../../compact-numbers.js';
import { ROTATION_COLUMNS, type RotationRow } from '../../tables/rotation.js';
import type { Figure } from '../figure.js';
import { html } from '../html.js';
import { rotationsOf } from '../rotation-data.js';
import type { Scenes, Series } from '../scenes.js';
import { drawLevels, type LevelPoint } from './levels.js';

const STAGES = {
  kubelet: 'By the kubelets: from the commit to the new files in the last pod',
  pipeline: 'Through the pipeline: from the change at the source until the last application works with it',
} as const;

/** How long rotations take, by the kubelets alone and through the pipeline: for how long old credentials have to be valid. */
export function rotation(scenes: Scenes): Figure | null {
  const { data, series, labelOf, leftOut } = scenes;
  const rotations = rotationsOf(data);
  if (rotations.length === 0) return null;
  const points = series.flatMap((each) => {
    const rows = rotations.find(({ scenario }) => scenario === each.scenario)?.rows ?? [];
    return rows.flatMap((row) => pointOf(each, row));
  });
  const bounds = rotations.flatMap(({ scenario, rows }) => {
    const bound = rows.at(-1)?.bound_s ?? null;
    return bound === null ? [] : [`${labelOf(scenario)} ${compactUp(bound)} s`];
  });
  return {
    id: 'rotation',
    title: 'How long to keep the old credential',
    ...(points.length === 0
      ? { lead: 'Within how many seconds rotations are over. There are too few replications for quantiles over them.' }
      : {
          lead:
            'Seconds within which a share of the rotations are over: dots are quantiles over all rotations, whiskers ' +
            'their 95 % intervals. Shares without an upper end take more replications.',
          legend: series,
        }),
    pictures: [...group(points, ({ stages }) => stages)].map(
      ([stages, own]) =>
        html`<h3>${STAGES[stages]}</h3>
          ${drawLevels({ points: own, x: 'seconds', y: 'rotations', unit: 's', alt: `${STAGES[stages]}, quantiles.`, width: scenes.width })}`,
    ),
    table: {
      columns: ['scenario', ...ROTATION_COLUMNS.map(({ name }) => name)],
      rows: rotations.flatMap(({ scenario, rows }) =>
        rows.map((row) => [scenario.scenario.name, ...cellsOf(ROTATION_COLUMNS, row)]),
      ),
    },
    files: ['rotation.csv'],
    notes: [leftOut, bounds.length === 0 ? null : `Every rotation is over by (bound): ${bounds.join(', ')}.`],
  };
}

function pointOf(series: Series, row: RotationRow): readonly (LevelPoint & Pick<RotationRow, 'stages'>)[] {
  const { stages, share_of_rotations: share, overlap_s: value, ci95_low_s: low, ci95_high_s: high } = row;
  if (value === null || high === null) return [];
  return [{ series, stages, level: `${Number((100 * share).toPrecision(4))} %`, value, low, high }];
}
