import { VERBS } from '../cluster/model/verbs.js';
import type { LoadTable } from '../cluster/model/run-record.js';
import { compact, compactUp } from '../report/compact-numbers.js';
import { legendList } from '../report/html/figure.js';
import { html, type Html } from '../report/html/html.js';
import { drawPlot, hoverBins, hoverText, Plot } from '../report/html/plot.js';
import { verbStyle } from '../report/html/figures/load.js';
import { legend as stageLegend, STAGE_BARS } from '../report/html/figures/stages.js';
import type { Answer } from './answer.js';
import type { DelayBand } from './delay-bands.js';

/** API servers that a picture has room for. */
const SERVERS_MAX = 3;

const delayOf = ({ cacheDelayS, syncWaitS, refreshS }: DelayBand): number => cacheDelayS + syncWaitS + refreshS;

/**
 * How many volumes have the new content after a time, and how the delay of those divides into stages.
 * @param before the delays before the last change of a knob, to compare; empty where there are none
 */
export function delayFigure({ bands, metrics }: Answer, before: readonly DelayBand[]): Html | null {
  if (bands.length === 0) return null;
  const stages = bands.flatMap(({ share, ...seconds }) =>
    [seconds.cacheDelayS, seconds.syncWaitS, seconds.refreshS].map((value, stage) => ({
      share,
      seconds: value,
      colour: STAGE_BARS[stage].colour,
    })),
  );
  const { delay_p50_s: half, last_pod_max_s: last, last_pod_bound_s: bound } = metrics;
  const marks = [
    { at: half, text: 'half', y: 0.04, anchor: 'start', dx: 6 } as const,
    { at: last, text: 'last pod', y: 0.12, anchor: 'end', dx: -6 } as const,
    { at: bound, text: 'bound', y: 0.2, anchor: 'end', dx: -6 } as const,
  ].flatMap((mark) =>
    mark.at === null
      ? []
      : [
          {
            ...mark,
            at: mark.at,
            text: `${mark.text}: ${mark.at === bound ? compactUp(mark.at) : compact(mark.at)} s`,
          },
        ],
  );
  const longest = Math.max(...[...bands, ...before].map(delayOf), last ?? 0, bound ?? 0);
  const curve = { x: delayOf, y: 'share' } as const;
  return html`${stageLegend()}
  ${drawPlot(
    {
      height: 330,
      marginTop: 26,
      marginLeft: 56,
      marginRight: 24,
      marginBottom: 42,
      x: { label: 'seconds since the commit', domain: [0, longest], nice: true },
      y: { label: 'share of volumes that have the new content', domain: [0, 1], tickFormat: '.0%', grid: true },
      color: { type: 'identity' },
      marks: [
        Plot.areaX(stages, Plot.stackX({ x: 'seconds', y: 'share', fill: 'colour', z: 'colour', fillOpacity: 0.3 })),
        Plot.line(before, { ...curve, stroke: 'var(--muted)', strokeWidth: 2, strokeDasharray: '5 4' }),
        Plot.line(bands, { ...curve, stroke: 'var(--ink)', strokeWidth: 2.5 }),
        Plot.dot(bands, { ...curve, r: 4, fill: 'var(--ink)', fillOpacity: 0, title: titleOf }),
        Plot.ruleX(marks, { x: 'at', stroke: 'var(--muted)', strokeDasharray: '2 3' }),
        ...marks.map(({ anchor, dx, ...mark }) =>
          Plot.text([mark], { x: 'at', y: 'y', text: 'text', textAnchor: anchor, dx, fill: 'var(--ink)' }),
        ),
        Plot.ruleY([0]),
      ],
    },
    `Share of volumes that have the new content over time. ${marks.map(({ text }) => text).join('; ')}.`,
  )}
  ${before.length === 0 ? null : html`<p class="note">Dashed: before the last change.</p>`}`;
}

function titleOf({ share, ...stages }: DelayBand): string {
  return hoverText(`${Number((100 * share).toPrecision(6))} % of volumes`, [
    { name: 'delay', value: delayOf({ share, ...stages }), unit: 's' },
    { name: 'cache delay', value: stages.cacheDelayS, unit: 's' },
    { name: 'sync wait', value: stages.syncWaitS, unit: 's' },
    { name: 'refresh', value: stages.refreshS, unit: 's' },
  ]);
}

interface LoadPoint {
  readonly server: number;
  readonly start: number;
  readonly length: number;
  readonly name: string;
  readonly value: number;
}

/** A rate or a level of each API server over time. */
function pointsOf(
  { columns, bins, binS, servers, values }: LoadTable,
  name: string,
  names: readonly string[],
  perS: boolean,
) {
  const indices = names.map((name) => columns.indexOf(name)).filter((index) => index >= 0);
  return Array.from({ length: Math.min(servers, SERVERS_MAX) * bins }, (_, row): LoadPoint => {
    const value = indices.reduce((sum, column) => sum + values[row * columns.length + column], 0);
    const [server, bin] = [Math.floor(row / bins), row % bins];
    return { name, server: server + 1, start: bin * binS, length: binS, value: perS ? value / binS : value };
  });
}

/** Requests to the API servers and watches open there, over time. */
export function loadFigures({ load }: Answer): readonly Html[] {
  const verbs = VERBS.map((verb) => ({
    verb,
    points: pointsOf(load, verb.toUpperCase(), [`${verb}_secrets`, `${verb}_configmaps`], true),
  }))
    .map((each) => ({ ...each, ...verbStyle(each.verb) }))
    .filter(({ points }) => points.some(({ value }) => value > 0));
  const watches = pointsOf(load, 'watches open', ['watches_open'], false);
  const pictures: Html[] = [];
  if (verbs.length > 0) {
    const entries = verbs.map(({ verb, colour, dash }) => ({ label: verb.toUpperCase(), colour, dash }));
    pictures.push(html`${legendList(entries)} ${perServer('requests per second', verbs)}`);
  }
  if (watches.some(({ value }) => value > 0)) {
    pictures.push(perServer('watches open', [{ points: watches, colour: 'var(--series-1)', dash: 'none' }]));
  }
  return pictures;
}

function perServer(
  label: string,
  lines: readonly { readonly points: readonly LoadPoint[]; readonly colour: string; readonly dash: string }[],
): Html {
  return drawPlot(
    {
      height: 210,
      marginTop: 40,
      marginBottom: 42,
      marginLeft: 70,
      fx: { label: null, tickFormat: (server: number) => `API server ${server}` },
      x: { label: 'seconds of the measured time', ticks: 5 },
      y: { label, grid: true, zero: true },
      marks: [
        Plot.ruleY([0]),
        ...lines.map(({ points, colour, dash }) =>
          Plot.lineY(points, {
            x: ({ start, length }: LoadPoint) => start + length / 2,
            y: 'value',
            fx: 'server',
            stroke: colour,
            strokeWidth: 2,
            strokeDasharray: dash,
          }),
        ),
        hoverBins(
          lines.flatMap(({ points }) => points),
          ({ name, value }) => [{ name, value, unit: '' }],
        ),
      ],
    },
    `${label} over time at each API server.`,
  );
}
