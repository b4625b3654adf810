import { group } from 'd3-array';
import type { Html } from '../html.js';
import { drawPlot, hoverText, Plot } from '../plot.js';
import type { Series } from '../scenes.js';

/** A value with its interval, of a series at a level: a quantile, a threshold. */
export interface LevelPoint {
  readonly series: Series;
  readonly level: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A picture of values at levels, which stand below each other. */
export interface LevelPicture {
  readonly points: readonly LevelPoint[];
  /** Names of the axes. */
  readonly x: string;
  readonly y: string;
  /** Unit of the values, for their text. */
  readonly unit: string;
  readonly alt: string;
  /** CSS pixels. */
  readonly width: number;
}

const GAP_MAX = 0.12;
const LEVEL_HEIGHT = 52;

/** Dots with whiskers, series side by side at each level. */
export function drawLevels({ points, x, y, unit, alt, width }: LevelPicture): Html {
  const levels = [...new Set(points.map(({ level }) => level))];
  const series = [...group(points, (point) => point.series)];
  const gap = Math.min(GAP_MAX, 0.6 / series.length);
  const marks = series.flatMap(([{ colour, dash }, own], index) => {
    const place = ({ level }: LevelPoint): number => levels.indexOf(level) + (index - (series.length - 1) / 2) * gap;
    return [
      Plot.line(own, { x: 'value', y: place, stroke: colour, strokeDasharray: dash, strokeOpacity: 0.6 }),
      Plot.ruleY(own, {
        x1: ({ low, value }: LevelPoint) => low ?? value,
        x2: ({ high, value }: LevelPoint) => high ?? value,
        y: place,
        stroke: colour,
        strokeWidth: 2.5,
      }),
      Plot.dot(own, { x: 'value', y: place, fill: colour, r: 4, title: (point: LevelPoint) => titleOf(point, unit) }),
    ];
  });
  return drawPlot(
    {
      width,
      height: 70 + LEVEL_HEIGHT * levels.length,
      marginLeft: 70,
      marginBottom: 42,
      x: { label: x, grid: true, zero: true, nice: true },
      y: {
        label: y,
        domain: [-0.5, levels.length - 0.5],
        ticks: levels.map((_, level) => level),
        tickFormat: (level: number) => levels[level],
        reverse: true,
      },
      marks,
    },
    alt,
  );
}

function titleOf({ series, level, value, low, high }: LevelPoint, unit: string): string {
  return hoverText(`${series.label}, ${level}`, [{ name: '', value, low, high, unit }]);
}
