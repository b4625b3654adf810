/* The page of the playground: knobs in, pictures out. The numbers come from the worker. */
import type { TopologyFile } from '../../cluster/model/topology-file.js';
import { topologyPieces } from '../../import/topology-pieces.js';
import type { Answer } from '../../playground/answer.js';
import { type DumpedCluster, TOPOLOGY_FILE } from '../../playground/dumped-cluster.js';
import { textOfKnobs } from '../../playground/experiment-text.js';
import type { WorkerReply } from '../../playground/protocol.js';
import { answerHtml, metricsHtml, picturesHtml, timeText } from '../../playground/render.js';
import { addSaveButtons } from '../page-tools.js';
import { startWave } from '../wave-player.js';
import { byId, input } from './elements.js';
import { Engine } from './engine.js';
import { KnobForm } from './knob-form.js';

/** A knob that moves waits so long for its next step. */
const DEBOUNCE_MS = 60;

const script = URL.createObjectURL(new Blob([byId('worker', HTMLScriptElement).text], { type: 'text/javascript' }));
const engine = new Engine(script, receive);
const form = new KnobForm();
const text = byId('text', HTMLTextAreaElement);
let topology: TopologyFile | null = null;
let drawn: Answer | null = null;
let wave = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Computes what the knobs say, unless it is computed already. */
function update(patient = false): void {
  byId('long').hidden = true;
  if (!form.valid()) {
    say('A knob is outside its range: see the field that is marked.');
    return;
  }
  const wanted = textOfKnobs(form.knobs(), form.shown);
  if (wanted === text.value && !patient) return;
  text.value = wanted;
  byId('copied').textContent = '';
  busy(true);
  say('Simulating…');
  engine.ask(wanted, patient);
}

function receive(reply: WorkerReply): void {
  busy(false);
  byId('problems').hidden = reply.kind !== 'problems';
  switch (reply.kind) {
    case 'answer':
      draw(reply.answer, reply.seconds);
      break;
    case 'long':
      say(`This takes about ${Math.ceil(reply.seconds)} s here. What is shown is of the knobs before.`);
      byId('long').hidden = false;
      break;
    case 'cluster':
      topology = reply.topology;
      showDumped(reply.cluster);
      break;
    case 'problems':
      byId('problems').textContent = reply.problems.join('\n');
      say('What is shown is of the knobs before.');
  }
}

function draw(answer: Answer, seconds: number): void {
  byId('answer').innerHTML = answerHtml(answer).text;
  byId('pictures').innerHTML = picturesHtml(answer, drawn?.bands ?? []).text;
  byId('metrics').innerHTML = metricsHtml(answer).text;
  drawn = answer;
  wave.abort();
  wave = new AbortController();
  addSaveButtons(byId('pictures'));
  document.querySelectorAll('[data-wave]').forEach((section) => startWave(section, wave.signal));
  say(timeText(answer, seconds));
}

function showDumped(cluster: DumpedCluster): void {
  const note = byId('dumped');
  const { file, nodes, pods, warnings } = cluster;
  note.textContent = [
    `Shown: ${file}, ${nodes.toLocaleString('en-US')} nodes, ${pods.toLocaleString('en-US')} pods.`,
    ...warnings,
  ].join(' ');
  note.hidden = false;
  byId('save-topology').hidden = false;
  form.useDump(cluster);
  update();
}

function readDump(file: File | undefined): void {
  if (file === undefined) return;
  busy(true);
  say(`Reading ${file.name}…`);
  engine.import(file.name, file);
}

function say(sentence: string): void {
  byId('status').textContent = sentence;
}

function busy(is: boolean): void {
  byId('results').setAttribute('aria-busy', String(is));
}

async function copyText(): Promise<void> {
  const copied = byId('copied');
  try {
    await navigator.clipboard.writeText(text.value);
    copied.textContent = 'Copied.';
  } catch {
    // Some browsers give no clipboard to a local file.
    const details = text.closest('details');
    if (details !== null) details.open = true;
    text.select();
    copied.textContent = 'This browser does not let a local file copy: the text below is marked, copy it by hand.';
  }
}

function saveTopology(): void {
  if (topology === null) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([...topologyPieces(topology)], { type: 'application/json' }));
  link.download = TOPOLOGY_FILE;
  link.click();
  URL.revokeObjectURL(link.href);
}

byId('knobs').addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLElement) || target.id === 'dump') return;
  if (target.id === 'preset') {
    byId('dumped').hidden = true;
    byId('save-topology').hidden = true;
    input('dump').value = '';
    form.usePreset();
  } else {
    form.follow(target.id);
  }
  clearTimeout(timer);
  timer = setTimeout(update, DEBOUNCE_MS);
});
byId('knobs').addEventListener('submit', (event) => event.preventDefault());
byId('run').addEventListener('click', () => update(true));
byId('copy-text').addEventListener('click', () => void copyText());
byId('save-topology').addEventListener('click', saveTopology);
input('dump').addEventListener('change', () => readDump(input('dump').files?.[0]));
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('dropping');
});
for (const ended of ['dragleave', 'drop']) {
  document.addEventListener(ended, () => document.body.classList.remove('dropping'));
}
document.addEventListener('drop', (event) => {
  event.preventDefault();
  readDump(event.dataTransfer?.files[0]);
});
update();
