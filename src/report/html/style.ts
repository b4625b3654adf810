/**
 * The report's style sheet. Two palettes; text has a contrast of at least 4.5 : 1 and lines of at least 3 : 1 against the
 * page in both. Stages and verbs have colours of their own. Colours of series differ in lightness as well as in hue (after Okabe and Ito).
 */
export const STYLE_SHEET = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1b1f24; --muted: #59636e; --rule: #d1d9e0; --panel: #f4f6f8; --link: #0b5cad;
  --good: #116329; --bad: #b3261e; --caution: #7a4e00;
  --series-1: #0072b2; --series-2: #c44e00; --series-3: #007d5b; --series-4: #a03f87; --series-5: #8a6d00; --series-6: #4d5560;
  --stage-1: #5a4fcf; --stage-2: #1f9a9a; --stage-3: #7a4a2b;
  --verb-get: #14213d; --verb-list: #e0009b; --verb-watch: #6b0f1a; --verb-write: #4d8f00;
  --old: #c9d1d9; --new: #00694c; --out: #b3261e;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14181d; --ink: #e6eaef; --muted: #a3adb8; --rule: #3a434d; --panel: #1d232a; --link: #79b8ff;
    --good: #5fd38a; --bad: #ff8a80; --caution: #f2c14e;
    --series-1: #58b4ee; --series-2: #ff9a57; --series-3: #3fd6a3; --series-4: #e69fd0; --series-5: #e6cb57; --series-6: #b6bec8;
    --stage-1: #9d93ff; --stage-2: #5fb0b0; --stage-3: #c9a27e;
    --verb-get: #f5f7fa; --verb-list: #ff5ad8; --verb-watch: #ff6b5e; --verb-write: #9ad62f;
    --old: #3a434d; --new: #4fdcab; --out: #ff8a80;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 80rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
section { margin-top: 2.5rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .6rem; max-width: 62rem; }
h2 { font-size: 1.2rem; margin: 0 0 .3rem; border-top: 1px solid var(--rule); padding-top: 1rem; }
h3 { font-size: 1rem; margin: 1rem 0 .2rem; }
h1, h2, h3, p, li, nav { overflow-wrap: anywhere; }
p { margin: .3rem 0; max-width: 62rem; }
a { color: var(--link); }
.kicker { color: var(--muted); font-size: .9rem; margin: 0; }
.verdict { font-size: 1.25rem; margin: .2rem 0 .6rem; max-width: none; }
.facts { margin: 0 0 .9rem; border-top: 1px solid var(--rule); }
.facts > div { display: grid; grid-template-columns: 13rem 1fr; gap: 0 1.2rem; padding: .45rem 0; border-bottom: 1px solid var(--rule); }
.facts dt { color: var(--muted); font-weight: 600; } .facts dd { margin: 0; } .facts dd p { margin: 0; max-width: none; }
.facts .slos { margin: 0; } .scenario { font-weight: 600; margin-right: .4rem; }
.note, figcaption { color: var(--muted); font-size: .88rem; }
.caution { color: var(--caution); }
.slos { list-style: none; padding: 0; margin: .5rem 0; }
.passed strong { color: var(--good); } .missed strong { color: var(--bad); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: .5rem 0; font-size: .9rem; }
.legend svg { vertical-align: middle; margin-right: .3rem; }
.legend .swatch { display: inline-block; width: 14px; height: 14px; vertical-align: -2px; margin-right: .35rem; }
header section { margin: 1.2rem 0; } header section h2 { border: 0; padding: 0; }
.picture, .scroll { overflow-x: auto; }
.picture > svg { display: block; width: 100%; min-width: 40rem; max-width: 60rem; height: auto; overflow: visible; }
.scroll { max-height: 28rem; overflow-y: auto; }
#comparison > .scroll, #difference > .scroll { max-height: none; }
svg text { white-space: pre; }
.hover { position: fixed; z-index: 2; max-width: min(32rem, 92vw); padding: .3rem .6rem; background: var(--panel); border: 1px solid var(--muted);
  border-radius: 4px; font-size: .85rem; white-space: pre-line; pointer-events: none; font-variant-numeric: tabular-nums; }
.hover[hidden] { display: none; }
circle[data-hovered] { fill-opacity: 1; stroke: var(--ink); stroke-width: 2; } rect[data-hovered], line[data-hovered] { stroke: var(--ink); stroke-width: 1.5; }
.save { display: flex; gap: .5rem; margin: .1rem 0 .6rem; }
.save button { font: inherit; font-size: .8rem; padding: 0 .6rem; color: var(--link); background: none; border: 1px solid var(--rule); border-radius: 4px; cursor: pointer; }
.undrawn { fill: var(--rule); stroke: var(--muted); }
.whisker { stroke: var(--ink); stroke-width: 2; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { padding: .18rem .7rem .18rem 0; text-align: left; border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th { color: var(--muted); font-weight: 600; position: sticky; top: 0; background: var(--page); }
.number { text-align: right; } td.number { white-space: nowrap; }
.comparison th[scope=row] { font-weight: 600; min-width: 9rem; }
.comparison td svg { display: block; }
.bar { white-space: nowrap; font-weight: 600; }
details { margin: .4rem 0; }
summary { cursor: pointer; color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
nav { font-size: .9rem; margin-top: 1rem; } nav a { margin-right: 1rem; }
figure { margin: 0; }
.fields { display: grid; gap: 1rem 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
canvas { max-width: 100%; height: auto; display: block; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 1rem; margin: .6rem 0; }
.controls label { display: flex; align-items: center; gap: .5rem; flex: 1 1 16rem; max-width: 34rem; } .controls input { flex: 1; accent-color: var(--new); }
.controls button { font: inherit; padding: .25rem 1.1rem; min-width: 6rem; }
.clock { font-weight: 600; font-variant-numeric: tabular-nums; min-width: 5rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--rule); padding-top: 1rem; color: var(--muted); font-size: .88rem; }
@media (max-width: 40rem) {
  .facts > div { grid-template-columns: 1fr; }
}
@media print {
  :root { color-scheme: light; }
  body { font-size: 11pt; } main { max-width: none; padding: 0; }
  nav, details, button, label, .save, .hover { display: none; }
  thead th { position: static; }
  section { break-inside: avoid-page; margin-top: 1.2rem; }
  .picture, .scroll { overflow: visible; max-height: none; } .picture > svg { min-width: 0; }
  table { font-size: .74rem; }
}
`;
