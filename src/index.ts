/**
 * The library: everything that the command line does, typed, with no side effect outside what it is told to write. The
 * types of what these functions take and give stand under `types`.
 *
 * @module
 */

// Ask: an experiment, from files or from an object.
export { experimentOf, loadExperiment } from './experiment/language/load-experiment.js';
export type { Experiment, LoadOptions } from './experiment/language/experiment.js';
export { jsonSchema } from './experiment/language/schema.js';
export { PRESETS } from './experiment/language/presets.js';
export { behavioursOf, RELEASES } from './cluster/model/versions.js';
export { explain, explainable } from './explain/explain.js';

// Run: one replication here, all on worker threads, into a folder, or a share of them.
export { simulate, type SimulateOptions } from './cluster/run/simulate.js';
export { runExperiment, type RunOptions, type RunOutcome } from './experiment/execution/runner.js';
export { runToFolder } from './run/run-to-folder.js';
export { runShard } from './run/run-shard.js';
export { mergeShards } from './run/merge-shards.js';

// Read: a record, the answer, the files, the page.
export { DELAY_QUANTILES, METRICS, type RunRecord } from './cluster/model/run-record.js';
export { answerCsv, answerJson } from './report/answer-data.js';
export { answerTable } from './report/terminal.js';
export { judgeSlos } from './report/slos.js';
export { writeResults } from './report/results.js';
export { writeReport } from './report/write-report.js';
export { junitSummary } from './report/summary/junit.js';
export { markdownSummary } from './report/summary/markdown.js';
export { prepareTrace } from './report/trace/write-trace.js';

// Compare two results.
export { compareResults, type Comparison } from './report/compare/compare-results.js';
export { comparisonCsv, comparisonJson } from './report/compare/comparison-data.js';

// Decide: which objects to mark immutable, which settings to take, how far the cluster may grow, what a change does.
export type { Advice } from './advise/advice.js';
export { advise } from './advise/advise.js';
export { adviceCsv, adviceJson } from './advise/advice-data.js';
export { planExperiment, type Plan } from './plan/plan.js';
export { growExperiment, type Growth } from './plan/growth.js';
export { whatIf } from './whatif/whatif.js';

// Take over a cluster of one's own.
export { importCluster } from './import/import-cluster.js';
export { formatImportSummary } from './import/import-summary.js';
export { calibrate } from './import/calibrate/calibrate.js';

// Check the simulator against theory and measurements.
export { validate } from './validation/validate.js';
export { compareWithMeasurement, readMeasurement } from './validation/own-cluster.js';

// What goes wrong: in the input, on the disk, by a signal.
export { InputError } from './experiment/language/values/input-error.js';
export { OutputError } from './report/output-error.js';
export { SearchInterrupted } from './plan/measurer.js';

export type * as types from './types.js';
