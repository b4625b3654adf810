/** The library: everything that the command line does, typed, with no side effect outside what it is told to write. */
export { adviceCsv, adviceJson } from './advise/advice-data.js';
export { advise, type Advice, type AdviseOptions } from './advise/advise.js';
export type * from './cluster/model-input.js';
export * from './cluster/run-record.js';
export { simulate, type SimulateOptions } from './cluster/simulate.js';
export type { TopologyFile } from './cluster/topology-file.js';
export { type Behaviours, behavioursOf, RELEASES, type Release } from './cluster/versions.js';
export type { Experiment, LoadOptions, Scenario } from './experiment/experiment.js';
export { InputError } from './experiment/input-error.js';
export { loadExperiment } from './experiment/load-experiment.js';
export { identityOf, type PartsIdentity } from './experiment/parts-header.js';
export { type KeptRuns, type PartsOptions, RunParts } from './experiment/parts.js';
export { type Preset, PRESETS } from './experiment/presets.js';
export * from './experiment/runner.js';
export { jsonSchema } from './experiment/schema.js';
export { parseShard, type Shard } from './experiment/shard.js';
export type { Slo } from './experiment/slo.js';
export { calibrate, type CalibrateOptions, type Calibration } from './import/calibrate/calibrate.js';
export { importCluster, type ImportOptions } from './import/import-cluster.js';
export { formatImportSummary, type ImportSummary } from './import/import-summary.js';
export { readTopologyFile } from './experiment/topology-reader.js';
export { answerCsv, answerJson } from './report/answer-data.js';
export { compareResults, type Comparison } from './report/compare/compare-results.js';
export { comparisonCsv, comparisonJson } from './report/compare/comparison-data.js';
export { OutputError } from './report/output-error.js';
export { type ResultOptions, writeResults } from './report/results.js';
export { judgeSlos, type SloVerdict } from './report/slos.js';
export { type AnswerOptions, answerTable } from './report/terminal.js';
export { type ReplayOptions, writeReport } from './report/write-report.js';
export {
  compareWithMeasurement,
  type ComparisonOptions,
  type Measurement,
  readMeasurement,
} from './validation/own-cluster.js';
export type { ValidationTable, Verdict } from './validation/tables.js';
export { validate, type ValidationName, VALIDATIONS } from './validation/validate.js';
export { type MergedShards, type MergeOptions, mergeShards } from './merge-shards.js';
export { runShard, type ShardOptions, type ShardOutcome } from './run-shard.js';
export { type FolderOptions, type FolderOutcome, runToFolder } from './run-to-folder.js';
