/**
 * What the playground adds to the report's style sheet. One column in the order of the page, answer before knobs; where there
 * is room the knobs stand to the left of all else.
 */
export const PLAYGROUND_STYLE = `
main { max-width: 92rem; }
.bench { display: grid; gap: 0 2.5rem; grid-template-columns: minmax(0, 1fr); }
#headline { background: var(--page); }
#headline .verdict { margin: .2rem 0 .4rem; }
#facts:empty { min-height: 21.5rem; }
#pictures { min-height: 120vh; }
@media (min-width: 62rem) {
  .bench { grid-template-columns: 20rem minmax(0, 1fr); grid-template-rows: repeat(3, auto) 1fr; }
  .bench > * { grid-column: 2; }
  .bench > #knobs { grid-column: 1; grid-row: 1 / -1; position: sticky; top: 0; align-self: start; max-height: 100vh;
    overflow-y: auto; padding: .3rem .8rem .8rem 0; }
}
@media (max-width: 61.99rem) {
  html { scroll-padding-top: 6rem; }
  #headline { position: sticky; top: 0; z-index: 1; border-bottom: 1px solid var(--rule); }
  #headline .verdict { font-size: 1.05rem; line-height: 1.35; }
  #knobs { margin-top: 1.4rem; }
  #facts:empty { min-height: 34rem; }
}
#knobs fieldset { border: 0; border-top: 1px solid var(--rule); margin: 0 0 .6rem; padding: .6rem 0 0; min-width: 0; }
#knobs legend { font-weight: 600; padding: 0 .5rem 0 0; }
.knob { display: grid; grid-template-columns: 1fr auto; gap: .05rem .6rem; margin: .35rem 0 .55rem; align-items: center; }
.knob > label { font-size: .92rem; }
.knob > output { font-weight: 600; font-size: .92rem; font-variant-numeric: tabular-nums; }
.knob > input[type=range], .knob > select, .knob > .hint, #slo { grid-column: 1 / -1; width: 100%; min-width: 0; }
.knob > input[type=number], .knob > input[type=text]:not(#slo) { width: 7rem; }
.knob input, .knob select, #drop input, .controls button { font: inherit; font-size: .92rem; color: var(--ink); }
.knob input, .knob select, .bench .controls button { background: var(--panel); border: 1px solid var(--muted); border-radius: 4px; }
.knob input, .knob select { padding: .12rem .3rem; }
.knob select { padding-right: 1.4rem; text-overflow: ellipsis; }
.controls button { padding: .2rem .8rem; min-width: 0; cursor: pointer; }
.hint { color: var(--muted); font-size: .82rem; margin: 0; }
.hint code { overflow-wrap: anywhere; }
input[type=range] { accent-color: var(--series-1); height: 1.4rem; }
input:invalid { outline: 2px solid var(--bad); }
.choices { display: flex; gap: .3rem 1rem; flex-wrap: wrap; }
.knob.idle > label { color: var(--muted); }
#drop { border: 2px dashed var(--rule); border-radius: .4rem; padding: .5rem .7rem; margin-top: .5rem; }
#drop > label { display: block; font-size: .92rem; }
.dropping #drop { border-color: var(--link); background: var(--panel); }
#drop input { max-width: 100%; font-size: .85rem; }
#status { color: var(--muted); font-size: .9rem; min-height: 1.5em; }
#answer[aria-busy=true] ~ #pictures { opacity: .55; }
#answer[aria-busy=false] > #facts:empty, #answer[aria-busy=false] ~ #pictures:empty { min-height: 0; }
#answer section { margin-top: 1rem; }
#pictures section { margin-top: 1.6rem; }
#pictures .picture > svg { min-width: 0; }
#pinned { font-size: .92rem; }
.tiles { display: grid; gap: .6rem .9rem; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); margin: .8rem 0; }
.tiles dt { color: var(--muted); font-size: .82rem; line-height: 1.25; }
.tiles dd { margin: 0; white-space: nowrap; font-size: 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles small { font-weight: 400; font-size: .8rem; color: var(--muted); }
.tiles > div { display: flex; flex-direction: column; justify-content: space-between; }
#problems { border-left: 4px solid var(--bad); padding: .1rem 0 .1rem .9rem; color: var(--bad); white-space: pre-wrap; }
#text { width: 100%; height: 30rem; font: .84rem/1.45 ui-monospace, monospace; background: var(--panel); color: var(--ink);
  border: 1px solid var(--rule); padding: .7rem; white-space: pre; overflow: auto; }
[hidden] { display: none !important; }
`;
