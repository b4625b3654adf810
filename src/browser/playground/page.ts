/* The page of the playground: knobs in, pictures out. The numbers come from workers. */
import type { TopologyFile } from '../../cluster/model/topology-file.js';
import type { KubeletSettings } from '../../import/kubelet/settings.js';
import { topologyPieces } from '../../import/topology-pieces.js';
import type { Answer } from '../../playground/answer.js';
import { type DumpedCluster, TOPOLOGY_FILE } from '../../playground/dumped-cluster.js';
import { knobsForDump, type LinkedState, linkOf, readLink, type Setting, settingOf } from '../../playground/link.js';
import { differencesFrom, questionOf } from '../../playground/pinned.js';
import type { Question } from '../../playground/question.js';
import { save } from '../page-tools.js';
import { copy } from './clipboard.js';
import { byId, input } from './elements.js';
import { Engine } from './engine.js';
import { KnobForm } from './knob-form.js';
import { AnswerView } from './view.js';

/** A knob that moves waits so long for its next step. */
const DEBOUNCE_MS = 60;
/** Browsers let a page change its address so often: once in so long is allowed. */
const LINK_MS = 400;

class PlaygroundPage {
  private readonly engine: Engine;
  private readonly form = new KnobForm();
  private readonly view = new AnswerView();
  private dumped: DumpedCluster | null = null;
  private topology: TopologyFile | null = null;
  private pinned: Setting | null = null;
  /** A link to a dumped cluster waits for its dump. */
  private awaited: LinkedState | null = null;
  /** The question that was asked last, so that it is asked once. */
  private asked = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private linkTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const script = new Blob([byId('worker', HTMLScriptElement).text], { type: 'text/javascript' });
    this.engine = new Engine(URL.createObjectURL(script));
    this.listenToKnobs();
    this.listenToButtons();
    this.listenToFiles();
    addEventListener('hashchange', () => this.openLink());
    this.openLink();
  }

  /** Computes what the knobs say, unless it is computed already. */
  private async update(patient = false): Promise<void> {
    byId('long').hidden = true;
    if (!this.form.valid()) {
      say(`Out of range. ${this.form.fault()}`);
      return;
    }
    const now = this.form.setting();
    const question = questionOf(now, this.pinned);
    this.showPinned(now);
    this.rememberLink(now);
    const key = JSON.stringify(question);
    if (key === this.asked && !patient) return;
    this.asked = key;
    byId('text', HTMLTextAreaElement).value = question.now;
    byId('copied').textContent = '';
    byId('copied-text').textContent = '';
    busy(true);
    say('Simulating…');
    await this.ask(question, patient);
  }

  private async ask(question: Question, patient: boolean): Promise<void> {
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    const show = async (answer: Answer, workers: number): Promise<void> => {
      byId('problems').hidden = true;
      this.view.hold(question, answer);
      const isLast = answer.files.length > 0;
      if ((await this.view.show(answer, seconds(), workers)) && isLast) busy(false);
    };
    const outcome = await this.engine.ask(question, {
      patient,
      onFirst: (answer) => void show(answer, 1),
      onProgress: (done, all) => all > 1 && say(`Simulating… ${done} of ${all} runs`),
    });
    switch (outcome.kind) {
      case 'answer':
        await show(outcome.answer, outcome.workers);
        break;
      case 'long':
        busy(false);
        say(`This takes about ${Math.ceil(outcome.seconds)} s here. ${this.view.shownInstead()}`);
        byId('long').hidden = false;
        break;
      case 'problems':
        this.complain(outcome.problems);
        break;
      case 'outdated':
        break;
    }
  }

  private complain(problems: readonly string[]): void {
    busy(false);
    byId('problems').textContent = problems.join('\n');
    byId('problems').hidden = false;
    say(this.view.shownInstead());
  }

  private listenToKnobs(): void {
    byId('knobs').addEventListener('submit', (event) => event.preventDefault());
    byId('knobs').addEventListener('input', ({ target }) => {
      if (!(target instanceof HTMLElement) || target.id === 'dump') return;
      if (target.id === 'preset') this.form.useChosen();
      else this.form.follow(target.id);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.update(), DEBOUNCE_MS);
    });
  }

  private listenToButtons(): void {
    const click = (id: string, act: () => void): void => byId(id).addEventListener('click', act);
    click('run', () => void this.update(true));
    click('pin', () => this.pin(this.form.setting()));
    click('unpin', () => {
      this.pin(null);
      byId('pin').focus(); // The button that had the focus is gone.
    });
    click('swap', () => this.swap());
    click('copy-link', () => {
      this.writeLink(this.form.setting());
      void copy(location.href, byId('copied'));
    });
    click('copy-text', () => void copy(byId('text', HTMLTextAreaElement).value, byId('copied-text')));
    click('save-topology', () => {
      if (this.topology === null) return;
      save(TOPOLOGY_FILE, new Blob([...topologyPieces(this.topology)], { type: 'application/json' }));
    });
  }

  /** What was pinned comes to the knobs. Those of the question stay as they are. */
  private swap(): void {
    const { pinned } = this;
    if (pinned === null) return;
    const now = this.form.setting();
    const { seed, replications, slo, comparedRelease } = now.knobs;
    this.form.show({ ...pinned, knobs: { ...pinned.knobs, seed, replications, slo, comparedRelease } });
    this.pin(now);
  }

  private pin(setting: Setting | null): void {
    this.pinned = setting;
    void this.update();
  }

  /** Says what is pinned, and in what the knobs differ from it. */
  private showPinned(now: Setting): void {
    const { pinned } = this;
    for (const id of ['swap', 'unpin', 'pinned', 'how-to-compare']) byId(id).hidden = pinned === null;
    const differences = pinned === null ? [] : differencesFrom(pinned, now);
    byId('pinned').textContent =
      pinned === null
        ? ''
        : differences.length === 0
          ? 'Pinned: this setting. Move a knob to compare another one with it.'
          : `Pinned → now: ${differences.join('; ')}.`;
  }

  private listenToFiles(): void {
    input('dump').addEventListener('change', () => void this.readFiles(input('dump').files));
    document.addEventListener('dragover', (event) => {
      event.preventDefault();
      document.body.classList.add('dropping');
    });
    for (const ended of ['dragleave', 'drop']) {
      document.addEventListener(ended, () => document.body.classList.remove('dropping'));
    }
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      void this.readFiles(event.dataTransfer?.files ?? null);
    });
  }

  private async readFiles(files: FileList | null): Promise<void> {
    for (const file of files ?? []) {
      busy(true);
      say(`Reading ${file.name}…`);
      const read = await this.engine.read(file.name, file);
      if (read === null) return;
      this.asked = ''; // What was computed before was dropped.
      if (read.kind === 'cluster') this.takeCluster(read.cluster, read.topology);
      else if (read.kind === 'kubelet') this.takeKubelet(file.name, read.settings, read.notes);
      else if (read.kind === 'problems') {
        this.complain(read.problems);
        return;
      }
    }
    await this.update();
  }

  private takeCluster(cluster: DumpedCluster, topology: TopologyFile): void {
    const { file, nodes, pods, warnings } = cluster;
    note('dumped', [
      `Shown: ${file}, ${nodes.toLocaleString('en-US')} nodes, ${pods.toLocaleString('en-US')} pods.`,
      ...warnings,
    ]);
    byId('save-topology').hidden = false;
    this.topology = topology;
    if (this.pinned?.cluster.type === 'dump') this.pinned = null; // Its cluster is gone.
    this.dumped = cluster;
    this.form.offer(cluster);
    const { awaited } = this;
    this.awaited = null;
    if (awaited !== null) this.showState(awaited);
    else this.form.show({ cluster, knobs: knobsForDump(cluster, this.form.setting().knobs) });
  }

  private takeKubelet(file: string, settings: KubeletSettings, notes: readonly string[]): void {
    const { configMapAndSecretChangeDetectionStrategy: strategy = 'Watch', syncFrequency = '1m' } = settings;
    const { kubeAPIQPS = null, kubeAPIBurst = null } = settings;
    const now = this.form.setting();
    this.form.show({ ...now, knobs: { ...now.knobs, strategy, syncFrequency, kubeAPIQPS, kubeAPIBurst } });
    const limits =
      kubeAPIQPS === null && kubeAPIBurst === null
        ? ''
        : `, kubeAPIQPS ${kubeAPIQPS ?? 'default'}, kubeAPIBurst ${kubeAPIBurst ?? 'default'}`;
    note('kubelet', [`Kubelet settings of ${file}: ${strategy}, syncFrequency ${syncFrequency}${limits}.`, ...notes]);
  }

  /** Shows what the address asks for. */
  private openLink(): void {
    const state = readLink(location.hash.slice(1));
    if (state !== null) this.showState(state);
    void this.update();
  }

  private showState({ now, pinned, problems }: LinkedState): void {
    const setting = settingOf(now, this.dumped);
    const other = pinned === null ? null : settingOf(pinned, this.dumped);
    if (setting === null || (pinned !== null && other === null)) {
      this.awaited = { now, pinned, problems };
      note('dumped', ['This link is of a cluster that was dropped on the page: drop its dump here to see the same.']);
    }
    if (setting !== null) this.form.show(setting);
    else this.form.show({ ...this.form.setting(), knobs: { ...this.form.setting().knobs, ...now.knobs } });
    this.pinned = setting === null ? null : other;
    if (problems.length > 0) note('dumped', problems);
  }

  /** Puts the knobs into the address, soon. */
  private rememberLink(now: Setting): void {
    clearTimeout(this.linkTimer);
    if (this.awaited === null) this.linkTimer = setTimeout(() => this.writeLink(now), LINK_MS);
  }

  private writeLink(now: Setting): void {
    history.replaceState(null, '', `#${linkOf(now, this.pinned)}`);
  }
}

function note(id: string, sentences: readonly string[]): void {
  byId(id).textContent = sentences.join(' ');
  byId(id).hidden = false;
}

function say(sentence: string): void {
  byId('status').textContent = sentence;
}

function busy(is: boolean): void {
  byId('answer').setAttribute('aria-busy', String(is));
}

new PlaygroundPage();
