import { join } from 'node:path';
import { canonicalJson } from '../../experiment/language/values/canonical-json.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { issueText, quotePath } from '../../experiment/language/quoting.js';
import { API_VERSION, experimentSchema, KIND } from '../../experiment/language/schema.js';
import { replaceFile } from '../../files/operations.js';
import { REPORT_FILE } from '../file-names.js';
import { OutputError } from '../output-error.js';
import { ResultFolder } from '../result-folder.js';
import { readLoad, readRestarts, readResults, type ResultData } from '../read/result-data.js';
import { FEW_SCENARIOS } from '../answer-sentences.js';
import { answerSection } from './answer-section.js';
import { comparisonSection } from './comparison.js';
import { differenceSection } from './difference-section.js';
import { type Figure, figureSection } from './figure.js';
import { byRelease } from './figures/by-release.js';
import { effects } from './figures/effects.js';
import { exceedances } from './figures/exceedances.js';
import { heatMap } from './figures/heat-map.js';
import { lastPod } from './figures/last-pod.js';
import { lastPodQuantiles } from './figures/last-pod-quantiles.js';
import { load, watches } from './figures/load.js';
import { memory } from './figures/memory.js';
import { pareto } from './figures/pareto.js';
import { rotation } from './figures/rotation.js';
import { stages } from './figures/stages.js';
import { storm } from './figures/storm.js';
import { ways } from './figures/ways.js';
import { groupsSection } from './groups-section.js';
import { heldFiles } from './held-files.js';
import { html } from './html.js';
import { loadPoints } from './load-data.js';
import { provenanceSection, validationStatus } from './provenance.js';
import { releasesSection } from './releases-section.js';
import { settingsSection } from './settings-section.js';
import { delayCdf } from './figures/delay-cdf.js';
import { page, type PageSection } from './page.js';
import { pageScript } from './page-script.js';
import { restartPoints } from './restart-data.js';
import { scenesOf } from './scenes.js';
import { replay, type ReplayOptions } from './wave/replay.js';
import { waveScript, waveSections } from './wave/wave-section.js';

/**
 * Writes `report.html` into a result folder: one file that needs no network and no other file.
 * @returns its path
 * @throws InputError where the folder holds no result
 * @throws OutputError where it cannot be written
 */
export async function writeReportPage(folder: string, options: ReplayOptions = {}): Promise<string> {
  const data = await readResults(folder);
  const text = await buildReport(data, options).catch((error: unknown) => {
    throw blameSpec(folder, data, error);
  });
  const path = join(folder, REPORT_FILE);
  await OutputError.guard(path, async () => {
    await ResultFolder.tidy(folder, (name) => name === REPORT_FILE);
    await replaceFile(path, [Buffer.from(text)]);
  });
  return path;
}

/** What no right result leads to is the fault of a spec that no `run` has written, where the manifest has such a one. */
function blameSpec(folder: string, { manifest }: ResultData, error: unknown): unknown {
  if (error instanceof InputError || error instanceof OutputError) return error;
  const document = { apiVersion: API_VERSION, kind: KIND, metadata: { name: 'x' }, spec: manifest.spec };
  const { data: ours, error: problem } = experimentSchema.safeParse(document);
  if (ours !== undefined && canonicalJson(ours.spec) === canonicalJson(manifest.spec)) return error;
  const issue = problem?.issues.at(0);
  const steps = (issue?.path ?? ['spec']).map((step) => (typeof step === 'number' ? step : String(step)));
  const why = issue === undefined ? 'is not a whole experiment' : issueText(issue);
  return new InputError([
    `${join(folder, 'manifest.json')}: ${quotePath(steps)}: ${why}; it was changed or damaged, or another version ` +
      'wrote it: run the experiment again with --force',
  ]);
}

/** The report of a result, as one HTML document. */
export async function buildReport(data: ResultData, options: ReplayOptions = {}): Promise<string> {
  const scenes = scenesOf(data);
  const drawn = new Set(scenes.series.map(({ scenario }) => scenario.scenario.name));
  const points = loadPoints(await readLoad(data, drawn), scenes.series, data.manifest);
  const seconds = restartPoints(await readRestarts(data, drawn), scenes.series);
  const map = heatMap(scenes);
  const sweep = map !== null && data.scenarios.length > FEW_SCENARIOS;
  const figures = sectionsOf([
    byRelease(scenes),
    ways(scenes),
    rotation(scenes),
    delayCdf(scenes),
    stages(scenes),
    lastPod(scenes),
    lastPodQuantiles(scenes),
    exceedances(scenes),
  ]);
  const others = sectionsOf([
    effects(scenes),
    pareto(scenes),
    sweep ? null : map,
    load(scenes, points),
    watches(scenes, points),
    memory(scenes, points),
    storm(scenes, seconds, points),
  ]);
  const releases = releasesSection(data);
  const held = await heldFiles(data);
  const waves = waveSections(await replay(scenes, options));
  return page({
    title: `${data.manifest.experiment} – ${data.manifest.tool.name}`,
    header: answerSection(scenes, sweep ? figureSection(map) : null),
    comparison: comparisonSection(scenes),
    sections: [
      ...present([differenceSection(scenes)]),
      ...figures,
      ...present([groupsSection(scenes)]),
      ...waves,
      ...others,
      ...(releases === null ? [] : [{ id: 'releases', title: 'Releases', body: releases }]),
      { id: 'settings', title: 'Settings', body: settingsSection(data) },
      {
        id: 'provenance',
        title: 'Where this comes from',
        body: provenanceSection(data, held.list, await validationStatus()),
      },
    ],
    end: html`${held.data} ${waveScript(waves)} ${pageScript('page-tools')}`,
  });
}

function present(sections: readonly (PageSection | null)[]): readonly PageSection[] {
  return sections.filter((section) => section !== null);
}

function sectionsOf(figures: readonly (Figure | null)[]): readonly PageSection[] {
  return figures
    .filter((figure) => figure !== null)
    .map((figure) => ({ id: figure.id, title: figure.title, body: figureSection(figure) }));
}
