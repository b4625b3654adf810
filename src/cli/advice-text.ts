import { sum } from 'd3-array';
import { strategyNamed } from '../cluster/kubelet/secret-manager/strategies.js';
import type { Advice } from '../advise/advice.js';
import { whyMark, type JudgedObject } from '../advise/judged-objects.js';
import { compact, compactUp, grouped } from '../report/compact-numbers.js';
import { formatRows, type PrintColumn } from './format-rows.js';

const MARKED_SHOWN = 10;
const OTHERS_SHOWN = 5;
const WORKLOADS_SHOWN = 3;
const MIB = 2 ** 20;
const KIB = 2 ** 10;

/** The advice for a person: the saving, the objects that save most, what is left alone and why, what rotations need. */
export function formatAdvice(advice: Advice): string {
  const { files } = advice;
  const blocks = [
    `${headline(advice)}\n${clusterLine(advice)}\n`,
    markedBlock(advice),
    excludedBlock(advice),
    rotationBlock(advice),
    staleBlock(advice),
    files.length === 0 ? '' : `Written: ${files.join(', ')}\n`,
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

function headline({ cluster, now, saved, underWatch, objects }: Advice): string {
  const marked = objects.filter(({ exclusion }) => exclusion === null).length;
  if (strategyNamed(cluster.strategy).keeps !== 'copy') {
    return (
      `Under ${cluster.strategy} marking objects immutable saves nothing: kubelets read immutable ones like any others.\n` +
      `(Under Watch, the default, they would hold ${grouped(underWatch.open)} watches, and marking ` +
      `${grouped(underWatch.objects)} objects would save ${grouped(underWatch.saved)}.)`
    );
  }
  const bytes = saved.bytesPerS === 0 ? '' : `${compact(saved.bytesPerS)} bytes/s, `;
  if (saved.watches === 0) return `Marking objects immutable saves none of the ${grouped(now.watches)} open watches.`;
  return (
    `Marking ${grouped(marked)} objects immutable saves ${grouped(saved.watches)} of ${grouped(now.watches)} watches ` +
    `(${compact((100 * saved.watches) / now.watches)} %):\n${compact(saved.rewatchesPerS)} WATCH/s, ` +
    `${bytes}${compact(saved.memoryBytes / MIB)} MiB of the API servers' memory; when they ` +
    `restart,\n${grouped(saved.watches)} reconnects and, if all read their objects anew, ${compact(saved.stormBytes / MIB)} MiB less.`
  );
}

function clusterLine({ cluster }: Advice): string {
  const { nodes, pods, kubeletRelease, apiServers, apiServersSeen, strategy, syncFrequency, newestTime } = cluster;
  const release = kubeletRelease === null ? '' : `, kubelets ${kubeletRelease}`;
  return (
    `${grouped(nodes)} nodes, ${grouped(pods)} pods${release}, strategy ${strategy}, syncFrequency ${syncFrequency}, ` +
    `${apiServers} API servers${apiServersSeen ? '' : ' (assumed)'}; newest time ${newestTime ?? 'unknown'}.`
  );
}

function markedBlock({ objects, saved, files }: Advice): string {
  if (saved.watches === 0) return '';
  const marked = objects.filter(({ exclusion }) => exclusion === null);
  const columns = [
    { name: 'mark immutable', width: 44 },
    ...right('watches', 'watch/s', 'memory mib', 'storm kib', 'pods'),
    { name: 'why' },
  ];
  const rows = marked
    .slice(0, MARKED_SHOWN)
    .map((each) => [
      nameOf(each),
      grouped(each.saves.watches),
      compact(each.saves.rewatchesPerS),
      compact(each.saves.memoryBytes / MIB),
      compact(each.saves.stormBytes / KIB),
      grouped(each.use.pods),
      whyMark(each),
    ]);
  const next = files.length === 0 ? 'Next: -f patch.sh writes the kubectl commands, for review. Nothing is run.\n' : '';
  return formatRows('table', columns, rows) + more(marked.length - rows.length) + next;
}

function excludedBlock({ excluded }: Advice): string {
  if (excluded.length === 0) return '';
  const rows = excluded.map(({ reason, why, objects, watches }) => [reason, grouped(objects), grouped(watches), why]);
  return formatRows('table', [{ name: 'left alone' }, ...right('objects', 'watches'), { name: 'why' }], rows);
}

/** Secrets of which a rotation takes longest: as many as fit. */
function rotationBlock({ objects }: Advice): string {
  const rotated = objects
    .filter(({ object, overlap }) => object.kind === 'Secret' && overlap.seconds !== 0)
    .sort((a, b) => spanOf(b) - spanOf(a) || b.use.updatablePods - a.use.updatablePods);
  if (rotated.length === 0) return '';
  const rows = rotated
    .slice(0, OTHERS_SHOWN)
    .map((each) => [nameOf(each), overlapText(each), grouped(each.use.updatablePods), untilRestart(each)]);
  const columns = [
    { name: 'keep the old key for', width: 44 },
    ...right('overlap', 'pods'),
    { name: 'and until these restart' },
  ];
  const note =
    'By then every pod that sees updates has the new one: the bound of `run`, if no request fails or queues.\n';
  return formatRows('table', columns, rows) + more(rotated.length - rows.length) + note;
}

/** Those without a closed form come first: they take longest to find out. */
function spanOf({ overlap }: JudgedObject): number {
  return overlap.seconds ?? Infinity;
}

function overlapText({ overlap }: JudgedObject): string {
  return overlap.seconds === null ? 'no closed form' : `${compactUp(overlap.seconds)} s`;
}

function untilRestart({ use }: JudgedObject): string {
  const stale = [
    ...(use.envPods > 0 ? [`${grouped(use.envPods)} by env`] : []),
    ...(use.subPathPods > 0 ? [`${grouped(use.subPathPods)} by subPath`] : []),
  ];
  return stale.join(', ');
}

/** Objects that can change although some pods never see it. */
function staleBlock({ objects }: Advice): string {
  const stale = objects
    .filter(({ object, use }) => object.immutable !== true && object.missing !== true && use.staleWorkloads.length > 0)
    .sort((a, b) => b.use.envPods + b.use.subPathPods - a.use.envPods - a.use.subPathPods);
  if (stale.length === 0) return '';
  const rows = stale.slice(0, OTHERS_SHOWN).map((each) => {
    const { staleWorkloads } = each.use;
    const others = staleWorkloads.length - WORKLOADS_SHOWN;
    const names = staleWorkloads.slice(0, WORKLOADS_SHOWN).join(', ');
    return [nameOf(each), untilRestart(each), others > 0 ? `${names} and ${grouped(others)} more` : names];
  });
  const columns = [{ name: 'updates never reach', width: 44 }, { name: 'pods' }, { name: 'of', width: 60 }];
  const env = sum(stale, ({ use }) => use.envPods);
  const subPath = sum(stale, ({ use }) => use.subPathPods);
  const total = `In all ${grouped(env)} by env, ${grouped(subPath)} by subPath: what run counts as never_env, never_subpath.\n`;
  return formatRows('table', columns, rows) + more(stale.length - rows.length) + total;
}

const right = (...names: readonly string[]): PrintColumn[] => names.map((name) => ({ name, alignment: 'right' }));

function nameOf({ object }: JudgedObject): string {
  return `${object.kind} ${object.namespace}/${object.name}`;
}

function more(count: number): string {
  return count > 0 ? `… and ${grouped(count)} more (-o csv has all)\n` : '';
}
