import { sum } from 'd3-array';
import { strategyNamed } from '../cluster/kubelet/secret-manager/strategies.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import { compileScenario, resolveDefaults } from '../experiment/language/compile.js';
import { formatDuration } from '../experiment/language/values/durations.js';
import { API_VERSION, experimentSchema, KIND } from '../experiment/language/schema.js';
import { API_SERVERS } from '../import/api-server-pods.js';
import { ASSUMED_SIZE_BYTES } from '../import/assumed-size.js';
import { readKubeletSettings } from '../import/kubelet/read-settings.js';
import type { KubeletSettings } from '../import/kubelet/settings.js';
import { refuseExisting, writeTogether } from '../report/output-files.js';
import type { Advice } from './advice.js';
import { adviceCsv } from './advice-data.js';
import { judgeObjects, type JudgedObject } from './judged-objects.js';
import { patchScript } from './patch-script.js';
import { type Dump, readDump } from './read-dump.js';
import { MEANING, REASONS } from './reasons.js';
import { totalCosts } from './watch-costs.js';

/** How a dump is judged, and what is written. */
export interface AdviseOptions {
  /** Output of `kubectl get nodes,pods,secrets,configmaps -A -o json`, gzip or not, or folders of such files; `-`: standard input. */
  readonly dump: readonly string[];
  /** Kubelet configurations in the forms that distributions keep; later ones are laid over earlier ones. */
  readonly kubeletFiles?: readonly string[];
  /** Bytes of objects whose size is not known. Default: 4096. */
  readonly assumedSizeBytes?: number;
  /** Objects that changed later than so long before the newest time in the dump are taken to change again, µs. */
  readonly unchangedForUs: number;
  /** Shell script to write, with the commands that mark the objects. */
  readonly script?: string;
  /** CSV file to write, with all rows. */
  readonly rows?: string;
  /** Replaces files that exist. */
  readonly force?: boolean;
}

/**
 * Ranks the Secrets and ConfigMaps of a real cluster by what marking them immutable saves its API servers, by the
 * model's closed forms: the difference that two simulations give, one without and one with the marks. Runs nothing.
 * Throws an InputError where the input is at fault, an OutputError where the disk is; then nothing is written.
 */
export async function advise(options: AdviseOptions): Promise<Advice> {
  const { dump: paths, kubeletFiles = [], assumedSizeBytes = ASSUMED_SIZE_BYTES, unchangedForUs } = options;
  const { script, rows, force = false } = options;
  await refuseExisting(
    [script, rows].filter((path) => path !== undefined),
    force,
  );
  const kubelet = await readKubeletSettings(kubeletFiles);
  const dump = await readDump(paths, assumedSizeBytes);
  const advice = adviceOn(dump, kubelet.settings, unchangedForUs);
  const files = [
    ...(script === undefined ? [] : [{ path: script, bytes: Buffer.from(patchScript(advice)) }]),
    ...(rows === undefined ? [] : [{ path: rows, bytes: Buffer.from(adviceCsv(advice.objects)) }]),
  ];
  await writeTogether(files);
  return { ...advice, files: files.map(({ path }) => path), warnings: [...advice.warnings, ...kubelet.notes] };
}

/** The advice on a dump that was read. */
export function adviceOn(dump: Dump, kubelet: KubeletSettings, unchangedForUs: number): Advice {
  const { topology, newestAt, apiServerPods, kubeletRelease } = dump;
  const input = modelOf(dump, kubelet);
  const judgement = {
    unchangedForMs: unchangedForUs / 1000,
    newestAt,
    idleStop: input.behaviours.idleStop,
    watched: strategyNamed(input.kubelet.strategy).keeps === 'copy',
  };
  const objects = judgeObjects(dump, input, judgement);
  const marked = objects.filter(({ exclusion }) => exclusion === null);
  return {
    cluster: {
      nodes: topology.nodes.length,
      pods: topology.pods.length,
      objects: topology.objects.filter(({ missing }) => missing !== true).length,
      kubeletRelease,
      apiServers: input.apiServers,
      apiServersSeen: apiServerPods > 0,
      strategy: input.kubelet.strategy,
      syncFrequency: formatDuration(input.kubelet.syncFrequencyUs),
      newestTime: newestAt === null ? null : new Date(newestAt).toISOString(),
    },
    now: totalCosts(objects.map(({ now }) => now)),
    saved: totalCosts(marked.map(({ saves }) => saves)),
    underWatch: whatWatchWouldSave(objects),
    objects,
    excluded: countReasons(objects),
    files: [],
    warnings: [...dump.warnings, ...(newestAt === null ? [TIMELESS] : [])],
  };
}

const TIMELESS = 'the input tells no times: whether objects change is not known';

/** What Watch holds open, and which of the objects that nothing else speaks against would save how much of that. */
function whatWatchWouldSave(objects: readonly JudgedObject[]): Advice['underWatch'] {
  const saving = objects.filter(
    ({ exclusion, use }) => (exclusion === null || exclusion.reason === 'saves nothing') && use.closable > 0,
  );
  return {
    open: sum(objects, ({ use }) => use.watches),
    objects: saving.length,
    saved: sum(saving, ({ use }) => use.closable),
  };
}

/** The model's input for a cluster in operation: releases as servers and kubelets report them, everything else by default. */
function modelOf({ topology, releases, apiServerPods }: Dump, kubelet: KubeletSettings): ModelInput {
  const cluster = {
    topology: 'dump',
    ...releases,
    apiServers: apiServerPods > 0 ? apiServerPods : API_SERVERS,
  };
  const document = { apiVersion: API_VERSION, kind: KIND, metadata: { name: 'advise' }, spec: { cluster, kubelet } };
  return compileScenario(resolveDefaults(experimentSchema.parse(document).spec), topology, 'none');
}

function countReasons(objects: readonly JudgedObject[]): Advice['excluded'] {
  return REASONS.flatMap((reason) => {
    const own = objects.filter(({ exclusion }) => exclusion?.reason === reason);
    const watches = sum(own, ({ now }) => now.watches);
    return own.length === 0 ? [] : [{ reason, why: MEANING[reason], objects: own.length, watches }];
  });
}
