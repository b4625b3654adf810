import { group } from 'd3-array';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { plainNumber } from '../plain-number.js';
import { axisNumber } from './axis-numbers.js';
import { Html } from './html.js';
import type { TimePoint } from './load-data.js';
import { PICTURE_WIDTH, type Series } from './scenes.js';
import { textWidth } from './text-width.js';

export * as Plot from '@observablehq/plot';

const FONT_PX = 13;
const STYLE = { fontSize: `${FONT_PX}px`, fontFamily: 'inherit', background: 'none' };
/** Room for the name of an axis above its highest number. */
const MARGIN_TOP_PX = 30;
/** Attributes that hold coordinates, and more digits of one than anyone can see. */
const COORDINATES = / (?:d|transform|points|x|y|x1|x2|y1|y2|cx|cy|r|width|height)="[^"]*"/g;
const LONG_NUMBER = /-?\d+\.\d{2,}/g;
/** A name may take so much of a picture's width at the most. */
const LABEL_SHARE_MAX = 0.43;
/** Names that Plot gives to groups: within a picture nobody hears them, and a group without a role may have none. */
const GROUP_NAMES = /(<g\b[^>]*?) aria-label="[^"]*"/g;

/** What is needed of an element; the project is compiled without the browser's types. */
interface Drawing {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
  querySelector(selector: string): { remove(): void } | null;
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>;
  scale(name: string): { readonly type?: string } | undefined;
}

/**
 * Draws a plot as an SVG for the page, without a browser. (A continuous colour legend needs a canvas and would throw:
 * the report draws its own legends.) Its margins are wide enough for the numbers and names of its axes.
 * @param alt what the picture shows, for those who cannot see it
 */
export function drawPlot(options: Plot.PlotOptions, alt: string): Html {
  const all: Plot.PlotOptions = {
    width: PICTURE_WIDTH,
    marginTop: MARGIN_TOP_PX,
    style: STYLE,
    ...options,
    x: { tickFormat: axisNumber, ...options.x },
    y: { tickFormat: axisNumber, ...options.y },
  };
  const first = draw(all);
  const margins = missingMargins(first, all);
  const drawing = margins === null ? first : draw({ ...all, ...margins });
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', alt);
  drawing.querySelector('style')?.remove();
  return new Html(drawing.outerHTML.replaceAll(GROUP_NAMES, '$1').replaceAll(COORDINATES, shortened));
}

function draw(options: Plot.PlotOptions): Drawing {
  const { document } = parseHTML('<html><body></body></html>') as unknown as { readonly document: object };
  const all: object = { ...options, document };
  const drawing = Plot.plot(all) as unknown as Drawing;
  return drawing;
}

/** Plot's margins where none are asked for, and its ticks with the space beside them. */
const MARGIN_LEFT_PX = 40;
const MARGIN_RIGHT_PX = 20;
const TICK_PX = 10;

/** Margins in which the numbers and names of the axes are whole; null where they are already. */
function missingMargins(drawing: Drawing, { marginLeft, marginRight, width = PICTURE_WIDTH }: Plot.PlotOptions) {
  const widest = (axis: 'x' | 'y'): number => {
    const labels = [...drawing.querySelectorAll(`[aria-label="${axis}-axis tick label"] text`)];
    return Math.max(0, ...labels.map(({ textContent }) => textWidth(textContent, FONT_PX)));
  };
  const [left, right] = [marginLeft ?? MARGIN_LEFT_PX, marginRight ?? MARGIN_RIGHT_PX];
  // A number may stand at the right end of its axis, with its middle; a name stands below its part of it.
  const beyond = ['band', 'point'].includes(drawing.scale('x')?.type ?? '') ? 0 : widest('x') / 2;
  const needed = {
    marginLeft: Math.max(left, Math.min(LABEL_SHARE_MAX * width, widest('y') + TICK_PX)),
    marginRight: Math.max(right, beyond),
  };
  return needed.marginLeft > left || needed.marginRight > right ? needed : null;
}

function shortened(attribute: string): string {
  return attribute.replaceAll(LONG_NUMBER, (number) => String(Math.round(Number(number) * 10) / 10));
}

/** A number that is shown where one points at it. */
export interface HoverValue {
  readonly name: string;
  readonly value: number | null;
  /** The ends of its 95 % interval, where it has one. */
  readonly low?: number | null;
  readonly high?: number | null;
  readonly unit: string;
}

/** What is shown where one points: a heading, and a line for each number, in full as in the CSV files. */
export function hoverText(heading: string, values: readonly HoverValue[]): string {
  const lines = values.map(({ name, value, low = null, high = null, unit }) => {
    const number = value === null ? 'none' : `${plainNumber(value)}${unit === '' ? '' : ` ${unit}`}`;
    const interval =
      (low === null && high === null) || (low === value && high === value)
        ? ''
        : ` (95 %: ${low === null ? '…' : plainNumber(low)} to ${high === null ? '…' : plainNumber(high)})`;
    return `${name === '' ? '' : `${name}: `}${number}${interval}`;
  });
  return [heading, ...lines].join('\n');
}

/** Points of a line where one can point: they are seen only then. */
export function hoverDots<T>(
  points: readonly T[],
  options: { x: keyof T & string; y: keyof T & string; title: (point: T) => string; fill: string },
): Plot.Markish {
  return Plot.dot(points, { ...options, r: 4, fillOpacity: 0 });
}

/** Bins of one panel that one can point at; more are too narrow. */
const HOVERED_BINS_MAX = 60;

/** Every so many bins of a time line, so that they are few enough for a table and for pointing at them. */
export function binStep(bins: number): number {
  return Math.ceil(bins / HOVERED_BINS_MAX);
}

/** A time of an API server; null: of all. */
type Bin = Pick<TimePoint<never>, 'server' | 'start' | 'length'>;

/** Which panel a mark belongs to. */
export interface Facet {
  readonly fx?: string;
  readonly fy?: string;
}

/**
 * Times of a panel where one can point: what all of its lines are there is shown.
 * @param valuesOf the numbers of a point, each with its name
 * @param facet of points that are of one API server each
 */
export function hoverBins<Point extends Bin>(
  points: readonly Point[],
  valuesOf: (point: Point) => readonly HoverValue[],
  facet: Facet = {},
): Plot.Markish {
  const starts = [...new Set(points.map(({ start }) => start))].sort((a, b) => a - b);
  const step = binStep(starts.length);
  const shown = new Set(starts.filter((_, index) => index % step === 0));
  const bins = group(
    points.filter(({ start }) => shown.has(start)),
    ({ server }) => server,
    ({ start }) => start,
  );
  const panels = [...bins].flatMap(([server, own]) =>
    [...own].map(([start, here]) => {
      const who = server === null ? '' : `API server ${server}, `;
      const title = hoverText(`${who}${plainNumber(start)} s`, here.flatMap(valuesOf));
      return { server, x: start + here[0].length / 2, title };
    }),
  );
  return Plot.ruleX(panels, { ...facet, x: 'x', title: 'title', stroke: 'none' });
}

/** What is drawn of a time. */
type Drawn<Quantity extends string> = Pick<TimePoint<Quantity>, 'start' | 'length' | 'values'>;

/** A line over time with the band of its interval. What is counted is never less than nothing, whatever t says of few replications. */
export function band<Quantity extends string>(
  points: readonly Drawn<Quantity>[],
  quantity: Quantity,
  { colour, dash, width, facet = {} }: Pick<Series, 'colour' | 'dash' | 'width'> & { readonly facet?: Facet },
): readonly Plot.Markish[] {
  const value = (name: 'mean' | 'ci95Low' | 'ci95High') => (point: Drawn<Quantity>) =>
    point.values[quantity][name] ?? point.values[quantity].mean;
  const x = ({ start, length }: Drawn<Quantity>): number => start + length / 2;
  const low = (point: Drawn<Quantity>): number => Math.max(0, value('ci95Low')(point) ?? 0);
  return [
    Plot.areaY(points, { ...facet, x, y1: low, y2: value('ci95High'), fill: colour, fillOpacity: 0.15 }),
    Plot.lineY(points, { ...facet, x, y: value('mean'), stroke: colour, strokeWidth: width, strokeDasharray: dash }),
  ];
}
