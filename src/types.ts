/**
 * The types of what the library's functions take and give, for programs that have to name them.
 *
 * @module
 */

// Experiments.
export type { Scenario } from './experiment/language/experiment.js';
export type { FactorValue } from './experiment/language/factor-value.js';
export type { Precision, PrecisionVerdict } from './experiment/language/precision.js';
export type { Preset } from './experiment/language/presets.js';
export type { LatencySpec } from './experiment/language/schema.js';
export type { Slo } from './experiment/language/values/slo.js';

// What fields, metrics, columns, behaviours and words mean.
export type { ExplainedPart, Explanation, Subject, SubjectKind } from './explain/explanation.js';

// What a run is told, and what it tells.
export type { CostLine, CostTable } from './cluster/model/costs.js';
export type * from './cluster/model/model-input.js';
export type { Observer } from './cluster/model/observer.js';
export type * from './cluster/model/run-record.js';
export type * from './cluster/model/topology-file.js';
export type { Behaviours, Release } from './cluster/model/versions.js';

// Runs.
export type { CompletedRun, Execution, FailedRun, RunProgress } from './experiment/execution/runner.js';
export type { Shard } from './experiment/execution/shard.js';
export type { MergedShards, MergeOptions } from './run/merge-shards.js';
export type { ShardOptions, ShardOutcome } from './run/run-shard.js';
export type { FolderOptions, FolderOutcome } from './run/run-to-folder.js';

// Answers and files.
export type { BehaviourDifference } from './releases/behaviour-differences.js';
export type { ComparedSide } from './report/compare/compare-results.js';
export type { SettingDifference } from './report/compare/setting-differences.js';
export type { Summary } from './experiment/statistics/statistics.js';
export type { Cell } from './report/csv.js';
export type { ResultOptions } from './report/results.js';
export type { SloVerdict } from './report/slos.js';
export type { AnswerOptions } from './report/terminal.js';
export type { NodeFilter } from './report/trace/node-choice.js';
export type { RunTrace, TraceBounds } from './report/trace/run-trace.js';
export type { TraceEvent } from './report/trace/trace-events.js';
export type { PreparedTrace, TraceOptions } from './report/trace/write-trace.js';
export type { ReplayOptions } from './report/write-report.js';

// Decisions.
export type { ExcludedObjects } from './advise/advice.js';
export type { AdviseOptions } from './advise/advise.js';
export type { Exclusion } from './advise/exclusion.js';
export type { JudgedObject } from './advise/judged-objects.js';
export type { ObjectUse } from './advise/object-use.js';
export type { WatchCosts } from './advise/watch-costs.js';
export type { Candidate, Measured } from './plan/candidate.js';
export type { GrowthOptions, ScenarioLimit } from './plan/growth.js';
export type { PlanOptions } from './plan/plan.js';
export type { Change } from './whatif/changes.js';
export type { DumpOptions } from './whatif/subject.js';
export type { WhatIf, WhatIfOptions } from './whatif/whatif.js';

// Clusters of one's own.
export type { CalibrateOptions, Calibration } from './import/calibrate/calibrate.js';
export type { FieldValue, Finding } from './import/calibrate/findings.js';
export type { ImportOptions } from './import/import-cluster.js';
export type { ImportSummary, ObjectCounts } from './import/import-summary.js';
export type { OwnerFacts } from './import/owners/owner-facts.js';
export type { OwnerCounts, OwnerSummary } from './import/owner-summary.js';
export type { ContentWriter, ObjectHistory } from './import/object-history.js';

// Validation.
export type { ComparisonOptions, Measurement } from './validation/own-cluster.js';
export type { ReplicationOptions } from './validation/replications.js';
export type { ValidationTable, Verdict } from './validation/tables.js';
export type { ValidationName } from './validation/validate.js';
