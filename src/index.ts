/** The library: everything that the command line does, typed, with no side effect outside what it is told to write. */
export { adviceCsv, adviceJson } from './advise/advice-data.js';
export type { Advice } from './advise/advice.js';
export { advise, type AdviseOptions } from './advise/advise.js';
export type { Exclusion } from './advise/exclusion.js';
export type { JudgedObject } from './advise/judged-objects.js';
export type { ObjectUse } from './advise/object-use.js';
export type { WatchCosts } from './advise/watch-costs.js';
export type { CostLine, CostTable } from './cluster/model/costs.js';
export type * from './cluster/model/model-input.js';
export type { Observer } from './cluster/model/observer.js';
export * from './cluster/model/run-record.js';
export { buildPopulation, simulate, type SimulateOptions } from './cluster/run/simulate.js';
export type { Population } from './cluster/population/population.js';
export type {
  TopologyFile,
  TopologyNode,
  TopologyObject,
  TopologyPod,
  TopologyUse,
} from './cluster/model/topology-file.js';
export { type Behaviours, behavioursOf, RELEASES, type Release } from './cluster/model/versions.js';
export type { Experiment, LoadOptions, Scenario } from './experiment/language/experiment.js';
export { InputError } from './experiment/language/values/input-error.js';
export type { FactorValue } from './experiment/language/factors.js';
export type { FinishedRun } from './experiment/execution/job-protocol.js';
export type { Parsed } from './experiment/language/values/parsed.js';
export { loadExperiment } from './experiment/language/load-experiment.js';
export { identityOf, type PartsIdentity } from './experiment/execution/parts-header.js';
export { type KeptRuns, type PartsOptions, RunParts } from './experiment/execution/parts.js';
export type { Job } from './experiment/execution/pool.js';
export type { Precision, PrecisionVerdict } from './experiment/language/precision.js';
export { type Preset, PRESETS } from './experiment/language/presets.js';
export { expectedRuns, findJob, jobsOf, runIdOf, seedOf } from './experiment/execution/jobs.js';
export * from './experiment/execution/runner.js';
export { jsonSchema, type LatencySpec } from './experiment/language/schema.js';
export type { ExperimentSettings } from './experiment/language/settings.js';
export { type Environment, parseShard, type Shard } from './experiment/execution/shard.js';
export type { Slo } from './experiment/language/values/slo.js';
export type { Summary } from './experiment/statistics/statistics.js';
export { calibrate, type CalibrateOptions, type Calibration } from './import/calibrate/calibrate.js';
export type { FieldValue, Finding } from './import/calibrate/findings.js';
export { importCluster, type ImportOptions } from './import/import-cluster.js';
export type { ContentWriter, ObjectHistory } from './import/object-history.js';
export { formatImportSummary, type ImportSummary, type ObjectCounts } from './import/import-summary.js';
export { readTopologyFile } from './experiment/language/topology-reader.js';
export { growExperiment, type Growth, type GrowthOptions, type ScenarioLimit } from './plan/growth.js';
export type { Candidate, Measured } from './plan/candidate.js';
export { type MeasureOptions, SearchInterrupted } from './plan/measurer.js';
export { type Plan, planExperiment, type PlanOptions } from './plan/plan.js';
export { answerCsv, answerJson } from './report/answer-data.js';
export { type ComparedSide, compareResults, type Comparison } from './report/compare/compare-results.js';
export { comparisonCsv, comparisonJson } from './report/compare/comparison-data.js';
export type { SettingDifference } from './report/compare/setting-differences.js';
export type { Cell } from './report/csv.js';
export { OutputError } from './report/output-error.js';
export { type ResultOptions, writeResults } from './report/results.js';
export { judgeSlos, type SloVerdict } from './report/slos.js';
export { type AnswerOptions, answerTable } from './report/terminal.js';
export { type NodeFilter } from './report/trace/node-choice.js';
export { type RunTrace, type TraceBounds } from './report/trace/run-trace.js';
export { type TraceEvent } from './report/trace/trace-events.js';
export { type PreparedTrace, prepareTrace, type TraceOptions } from './report/trace/write-trace.js';
export { type ReplayOptions, writeReport } from './report/write-report.js';
export {
  compareWithMeasurement,
  type ComparisonOptions,
  type Measurement,
  readMeasurement,
} from './validation/own-cluster.js';
export type { ValidationTable, Verdict } from './validation/tables.js';
export type { ReplicationOptions } from './validation/replications.js';
export { validate, type ValidationName, VALIDATIONS } from './validation/validate.js';
export { type MergedShards, type MergeOptions, mergeShards } from './run/merge-shards.js';
export { runShard, type ShardOptions, type ShardOutcome } from './run/run-shard.js';
export { type FolderOptions, type FolderOutcome, runToFolder } from './run/run-to-folder.js';
