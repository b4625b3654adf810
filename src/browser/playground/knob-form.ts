import { PRESETS } from '../../experiment/language/presets.js';
import type { DumpedCluster } from '../../playground/dumped-cluster.js';
import { countOf } from '../../playground/experiment-text.js';
import { clusterOfPreset, type Knobs, type PresetCluster, RELEASES, SYNC_FREQUENCIES } from '../../playground/knobs.js';
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

  constructor() {
    const preset = this.chosenPreset();
    this.cluster = preset;
    this.show(preset.start);
  }

  get shown(): PresetCluster | DumpedCluster {
    return this.cluster;
  }

  /** Starts anew from the chosen preset. */
  usePreset(): void {
    select('preset').querySelector(`option[value="${DUMPED}"]`)?.remove();
    const preset = this.chosenPreset();
    this.cluster = preset;
    this.show(preset.start);
  }

  /** Goes on with a dumped cluster. */
  useDump(cluster: DumpedCluster): void {
    const now = this.knobs();
    this.cluster = cluster;
    select('preset').querySelector(`option[value="${DUMPED}"]`)?.remove();
    select('preset').append(optionElement(DUMPED, `your cluster: ${cluster.file}`, true));
    this.show({
      ...now,
      release: cluster.release ?? now.release,
      apiServers: cluster.apiServers === 0 ? now.apiServers : cluster.apiServers,
      rotated: cluster.targets.at(0)?.object ?? '',
    });
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
    return byId('knobs', HTMLFormElement).checkValidity();
  }

  knobs(): Knobs {
    return {
      strategy: chosenStrategy().value as Knobs['strategy'],
      syncFrequency: SYNC_FREQUENCIES[Number(input('sync').value)],
      nodeTTL: select('ttl').value,
      release: select('release').value,
      apiServers: Number(input('servers').value),
      immutableShare: Number(input('immutable').value) / 100,
      nodes: Number(input('nodes').value),
      podsPerNode: Number(input('pods').value),
      rotated: select('rotated').value,
      way: select('way').value as Knobs['way'],
      seed: input('seed').value,
    };
  }

  private chosenPreset(): PresetCluster {
    const preset = PRESETS.find(({ name }) => name === select('preset').value) ?? PRESETS[0];
    return clusterOfPreset(preset);
  }

  private show(knobs: Knobs): void {
    radio(knobs.strategy).checked = true;
    input('sync').value = String(SYNC_FREQUENCIES.findIndex((each) => each === knobs.syncFrequency));
    select('ttl').value = knobs.nodeTTL;
    select('release').value = RELEASES.find((release) => release === knobs.release) ?? RELEASES[0];
    input('servers').value = String(knobs.apiServers);
    input('immutable').value = String(Math.round(knobs.immutableShare * 100));
    input('nodes').value = String(knobs.nodes);
    input('nodes-slide').value = String(slideOf(knobs.nodes));
    input('pods').value = String(knobs.podsPerNode);
    input('pods-slide').value = String(knobs.podsPerNode);
    input('seed').value = knobs.seed;
    select('way').value = knobs.way;
    this.showTargets(knobs);
    byId('sizes', HTMLFieldSetElement).hidden = this.cluster.type === 'dump';
    byId('sizes', HTMLFieldSetElement).disabled = this.cluster.type === 'dump';
    this.describe();
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
    const knobs = this.knobs();
    byId('preset-hint').textContent = this.cluster.type === 'preset' ? this.cluster.description : '';
    byId('sync-value').textContent = knobs.syncFrequency;
    input('sync').setAttribute('aria-valuetext', knobs.syncFrequency);
    byId('immutable-value').textContent = `${input('immutable').value} %`;
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
