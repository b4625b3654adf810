/** The library: everything that the command line does, typed, with no side effect outside what it is told to write. */
export { adviceCsv, adviceJson } from './advise/advice-data.js';
export { advise, type Advice, type AdviseOptions } from './advise/advise.js';
export type { Exclusion } from './advise/exclusion.js';
export type { JudgedObject } from './advise/judged-objects.js';
export type { ObjectUse } from './advise/object-use.js';
export type { WatchCosts } from './advise/watch-costs.js';
export type { CostLine, CostTable } from './cluster/costs.js';
export type * from './cluster/model-input.js';
export type { Observer } from './cluster/observer.js';
export * from './cluster/run-record.js';
export { buildTopology, simulate, type SimulateOptions } from './cluster/simulate.js';
export type { Topology } from './cluster/topology.js';
export type { TopologyFile, TopologyNode, TopologyObject, TopologyPod, TopologyUse } from './cluster/topology-file.js';
export { type Behaviours, behavioursOf, RELEASES, type Release } from './cluster/versions.js';
export type { Experiment, LoadOptions, Scenario } from './experiment/experiment.js';
export { InputError } from './experiment/input-error.js';
export type { FactorValue } from './experiment/factors.js';
export type { FinishedRun } from './experiment/job-protocol.js';
export type { Parsed } from './experiment/parsed.js';
export { loadExperiment } from './experiment/load-experiment.js';
export { identityOf, type PartsIdentity } from './experiment/parts-header.js';
export { type KeptRuns, type PartsOptions, RunParts } from './experiment/parts.js';
export type { Job } from './experiment/pool.js';
export type { Precision, PrecisionVerdict } from './experiment/precision.js';
export { type Preset, PRESETS } from './experiment/presets.js';
export * from './experiment/runner.js';
export { jsonSchema, type LatencySpec } from './experiment/schema.js';
export type { ExperimentSettings } from './experiment/settings.js';
export { type Environment, parseShard, type Shard } from './experiment/shard.js';
export type { Slo } from './experiment/slo.js';
export type { Summary } from './experiment/statistics.js';
export { calibrate, type CalibrateOptions, type Calibration } from './import/calibrate/calibrate.js';
export type { FieldValue, Finding } from './import/calibrate/findings.js';
export { importCluster, type ImportOptions } from './import/import-cluster.js';
export type { ContentWriter, ObjectHistory } from './import/object-history.js';
export { formatImportSummary, type ImportSummary, type ObjectCounts } from './import/import-summary.js';
export { readTopologyFile } from './experiment/topology-reader.js';
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
export { type MergedShards, type MergeOptions, mergeShards } from './merge-shards.js';
export { runShard, type ShardOptions, type ShardOutcome } from './run-shard.js';
export { type FolderOptions, type FolderOutcome, runToFolder } from './run-to-folder.js';
