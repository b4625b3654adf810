import { PRESETS } from '../../experiment/language/presets.js';
import { durationUs } from '../../experiment/language/values/durations.js';
import { parseSlo } from '../../experiment/language/values/slo.js';
import type { DumpedCluster } from '../../playground/dumped-cluster.js';
import { countOf } from '../../playground/experiment-text.js';
import {
  clusterOfPreset,
  type Knobs,
  type PresetCluster,
  type Restart,
  SYNC_FREQUENCIES,
  type Way,
} from '../../playground/knobs.js';
import { knobsForDump, type Setting } from '../../playground/link.js';
import { byId, input, optionElement, select } from './elements.js';

/** Steps of the slider of nodes, and the most that it reaches; more can be typed. */
const SLIDE_STEPS = 1000;
const SLIDE_NODES_MAX = 15_000;
/** The choice of the dumped cluster, beside the presets. */
const DUMPED = 'dumped';
/** Digits of a number of nodes on the slider. */
const SLIDE_DIGITS = 2;

/** The form of knobs: what it shows, and what it says. */
export class KnobForm {
  private cluster: PresetCluster | DumpedCluster;
  private dumped: DumpedCluster | null = null;
  /** What the slider stops at: what the page offers, and what a file or a link says. */
  private syncFrequencies: readonly string[] = SYNC_FREQUENCIES;

  constructor() {
    const preset = this.chosenPreset();
    this.cluster = preset;
    this.show({ cluster: preset, knobs: preset.start });
  }

  /** Starts anew from the chosen preset, or from the cluster that was dropped. */
  useChosen(): void {
    const preset = this.chosenPreset();
    const { dumped } = this;
    if (select('preset').value === DUMPED && dumped !== null) {
      this.show({ cluster: dumped, knobs: knobsForDump(dumped, this.setting().knobs) });
    } else {
      this.show({ cluster: preset, knobs: preset.start });
    }
  }

  /** Offers a dumped cluster beside the presets. */
  offer(cluster: DumpedCluster): void {
    this.dumped = cluster;
    select('preset').querySelector(`option[value="${DUMPED}"]`)?.remove();
    select('preset').append(optionElement(DUMPED, `your cluster: ${cluster.file}`, false));
  }

  /** Makes a pair of number and slider follow the one that was moved. */
  follow(moved: string): void {
    if (moved === 'nodes-slide') input('nodes').value = String(slidNodes(Number(input('nodes-slide').value)));
    if (moved === 'nodes') input('nodes-slide').value = String(slideOf(Number(input('nodes').value)));
    if (moved === 'pods-slide') input('pods').value = input('pods-slide').value;
    if (moved === 'pods') input('pods-slide').value = input('pods').value;
    this.describe();
  }

  /** False, and the fields at fault are marked, where a value is not one that is allowed. */
  valid(): boolean {
    const slo = input('slo').value.trim() === '' ? null : parseSlo(input('slo').value);
    input('slo').setCustomValidity(slo === null || slo.ok ? '' : slo.reason);
    return byId('knobs', HTMLFormElement).checkValidity();
  }

  /** What is wrong with the first field at fault, in words. */
  fault(): string {
    const field = byId('knobs', HTMLFormElement).querySelector<HTMLInputElement>('input:invalid');
    const label = field?.labels?.[0]?.textContent.trim() ?? 'A knob';
    return `${label}: ${field?.validationMessage ?? ''}`;
  }

  setting(): Setting {
    return {
      cluster: this.cluster,
      knobs: {
        strategy: chosenStrategy().value as Knobs['strategy'],
        syncFrequency: this.syncFrequencies[Number(input('sync').value)],
        nodeTTL: select('ttl').value,
        kubeAPIQPS: numberOf('qps'),
        kubeAPIBurst: numberOf('burst'),
        release: select('release').value,
        comparedRelease: select('compared').value,
        apiServers: Number(input('servers').value),
        restart: select('restart').value as Restart,
        immutableShare: Number(input('immutable').value) / 100,
        nodes: Number(input('nodes').value),
        podsPerNode: Number(input('pods').value),
        rotated: select('rotated').value,
        way: select('way').value as Way,
        refreshInterval: select('refresh').value,
        reloadInterval: select('reload').value,
        slo: input('slo').value.trim(),
        replications: Number(input('replications').value),
        seed: input('seed').value,
      },
    };
  }

  show({ cluster, knobs }: Setting): void {
    this.cluster = cluster;
    select('preset').value = cluster.type === 'dump' ? DUMPED : cluster.name;
    radio(knobs.strategy).checked = true;
    this.showSync(knobs.syncFrequency);
    select('ttl').value = knobs.nodeTTL;
    input('qps').value = String(knobs.kubeAPIQPS ?? '');
    input('burst').value = String(knobs.kubeAPIBurst ?? '');
    select('release').value = knobs.release;
    select('compared').value = knobs.comparedRelease;
    input('servers').value = String(knobs.apiServers);
    select('restart').value = knobs.restart;
    input('immutable').value = String(Math.round(knobs.immutableShare * 100));
    input('nodes').value = String(knobs.nodes);
    input('nodes-slide').value = String(slideOf(knobs.nodes));
    input('pods').value = String(knobs.podsPerNode);
    input('pods-slide').value = String(knobs.podsPerNode);
    select('way').value = knobs.way;
    select('refresh').value = knobs.refreshInterval;
    select('reload').value = knobs.reloadInterval;
    input('slo').value = knobs.slo;
    input('replications').value = String(knobs.replications);
    input('seed').value = knobs.seed;
    this.showTargets(knobs);
    byId('sizes', HTMLFieldSetElement).hidden = cluster.type === 'dump';
    byId('sizes', HTMLFieldSetElement).disabled = cluster.type === 'dump';
    this.describe();
  }

  private chosenPreset(): PresetCluster {
    const preset = PRESETS.find(({ name }) => name === select('preset').value) ?? PRESETS[0];
    return clusterOfPreset(preset);
  }

  private showSync(syncFrequency: string): void {
    const wanted = durationUs(syncFrequency);
    const known = SYNC_FREQUENCIES.find((each) => durationUs(each) === wanted);
    this.syncFrequencies = [...SYNC_FREQUENCIES, ...(known === undefined ? [syncFrequency] : [])].sort(
      (a, b) => durationUs(a) - durationUs(b),
    );
    input('sync').max = String(this.syncFrequencies.length - 1);
    input('sync').value = String(this.syncFrequencies.indexOf(known ?? syncFrequency));
  }

  private showTargets(knobs: Knobs): void {
    const { cluster } = this;
    const entries =
      cluster.type === 'dump'
        ? cluster.targets.map(({ object, kind, pods }) => [object, `${kind} ${object}: ${count(pods)} pods`] as const)
        : cluster.classes
            .map((each) => ({ ...each, objects: countOf(each, knobs, cluster) }))
            .sort((a, b) => a.objects - b.objects)
            .map(({ name, kind, scope, objects }) => {
              const what = objects === 1 ? `the ${kind} ${name}` : `all ${count(objects)} ${name} (${kind})`;
              return [name, scope === 'cluster' ? `${what}, in every pod` : `${what}, one per ${scope}`] as const;
            });
    select('rotated').replaceChildren(
      ...entries.map(([value, text]) => optionElement(value, text, value === knobs.rotated)),
    );
  }

  /** Puts words beside the knobs. */
  private describe(): void {
    const { knobs } = this.setting();
    byId('preset-hint').textContent = this.cluster.type === 'preset' ? this.cluster.description : '';
    byId('sync-value').textContent = knobs.syncFrequency;
    input('sync').setAttribute('aria-valuetext', knobs.syncFrequency);
    byId('immutable-value').textContent = `${input('immutable').value} %`;
    input('immutable').setAttribute('aria-valuetext', `${input('immutable').value} %`);
    input('nodes-slide').setAttribute('aria-valuetext', count(knobs.nodes));
    const strategy = chosenStrategy();
    byId('strategy-hint').textContent = strategy.closest('label')?.title ?? '';
    byId('ttl-knob').classList.toggle('idle', strategy.dataset['keeps'] !== 'forTtl');
    if (this.cluster.type === 'preset') this.showTargets(knobs);
  }
}

/** The button of the strategy that is chosen. */
function chosenStrategy(): HTMLInputElement {
  const chosen = document.querySelector<HTMLInputElement>('input[name="strategy"]:checked');
  return chosen ?? radio('Watch');
}

function radio(strategy: string): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(`input[name=strategy][value=${strategy}]`);
  if (found === null) throw new Error(`no strategy ${strategy} in the page`);
  return found;
}

/** The number in a field that may be empty. */
function numberOf(id: string): number | null {
  return input(id).value === '' ? null : Number(input(id).value);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** The number of nodes at a place of the slider, which is logarithmic. */
function slidNodes(place: number): number {
  return Number((SLIDE_NODES_MAX ** (place / SLIDE_STEPS)).toPrecision(SLIDE_DIGITS));
}

function slideOf(nodes: number): number {
  return Math.round((Math.log(Math.max(1, nodes)) / Math.log(SLIDE_NODES_MAX)) * SLIDE_STEPS);
}
