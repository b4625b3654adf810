import type { Experiment } from '../../experiment/language/experiment.js';
import { isRunOf } from '../../experiment/execution/jobs.js';
import type { FailedRun, RunOutcome } from '../../experiment/execution/runner.js';
import { TOOL } from '../../tool.js';
import { html as xml, type Html } from '../html/html.js';
import { judgedText, verdictWord } from '../slo-lines.js';
import { judgeSlos, type SloVerdict } from '../slos.js';

/**
 * The verdicts for a CI server: a suite per scenario, in it a case per SLO, and one with an error per run that failed.
 * The times are 0: judging takes none, and what a run takes is no result. Cases are named by their scenario, too, and say
 * in their text what the message says: GitLab shows neither suites nor classes nor messages.
 * Source of the form: junit-10.xsd of Jenkins' xUnit plug-in, which GitLab, GitHub's reporters and Azure read, too.
 */
export function junitSummary(experiment: Experiment, outcome: RunOutcome): string {
  const verdicts = judgeSlos(experiment, outcome);
  const suites = experiment.scenarios.map(({ name, index }) => ({
    name,
    verdicts: verdicts.filter(({ scenario }) => scenario === name),
    errors: outcome.failed.filter(({ runId }) => isRunOf(index, runId)),
  }));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${
    xml`<testsuites name="${TOOL.name}" ${counts(verdicts, outcome.failed)}>${suites.map((each) => suite(experiment, each))}
</testsuites>
`.text
  }`;
}

interface Suite {
  /** Name of the scenario. */
  readonly name: string;
  readonly verdicts: readonly SloVerdict[];
  readonly errors: readonly FailedRun[];
}

function suite({ name: experiment, seed }: Experiment, { name, verdicts, errors }: Suite): Html {
  const classname = `${experiment}.${name}`;
  return xml`
  <testsuite name="${name}" ${counts(verdicts, errors)}>
    <properties>
      <property name="version" value="${TOOL.version}"/>
      <property name="seed" value="${seed}"/>
    </properties>${verdicts.map((verdict) => sloCase(classname, verdict))}${errors.map((error) => errorCase(classname, error))}
  </testsuite>`;
}

function counts(verdicts: readonly SloVerdict[], errors: readonly FailedRun[]): Html {
  const missed = verdicts.filter(({ passed }) => !passed).length;
  return xml`tests="${verdicts.length + errors.length}" failures="${missed}" errors="${errors.length}" time="0"`;
}

function sloCase(classname: string, verdict: SloVerdict): Html {
  const text = `${verdictWord(verdict)}: ${judgedText(verdict.slo, verdict)}`;
  return xml`
    <testcase classname="${classname}" name="${verdict.scenario}: ${verdict.slo.text}" time="0">
      ${verdict.passed ? xml`<system-out>${text}</system-out>` : xml`<failure type="SLO" message="${text}">${text}</failure>`}
    </testcase>`;
}

function errorCase(classname: string, { runId, message }: FailedRun): Html {
  return xml`
    <testcase classname="${classname}" name="run ${runId}" time="0">
      <error type="run" message="${message}">${message}</error>
    </testcase>`;
}
