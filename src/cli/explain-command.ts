import { explain, explainable, nearestSubject } from '../explain/explain.js';
import { defineCommand } from './command.js';
import { formatExplanations, formatIndex } from './explain-text.js';
import { formatOption, UsageError } from './options.js';
import { print } from './print.js';

const EXPLAIN_OPTIONS = { output: formatOption(['table', 'json']) } as const;

/** `secretsim explain NAME` */
export const explainCommand = defineCommand(EXPLAIN_OPTIONS, {
  command: 'explain',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 explain [NAME]\n\nWhat something is: its meaning, values, default, unit, source, releases, and where it is ' +
          'used. NAME is a path of the experiment file or its end, a metric, a result file or one of its columns, a ' +
          'behaviour, a release, a preset, a value or a term. Without NAME: what can be asked for.',
      )
      // Positional arguments are read from `_`, as in other commands.
      .strict(false)
      .strictOptions()
      .options(EXPLAIN_OPTIONS)
      .example('$0 explain kubelet.syncFrequency', 'a field of the experiment file')
      .example('$0 explain delay_p99_s', 'a metric; and updates.never_env, a column')
      .example('$0 explain 1.29', 'what a release changed'),
  completes: 'name',
  handler: ({ _, output }) => {
    // A term can be of several words.
    const question = _.slice(1).map(String).join(' ');
    if (question === '') {
      print(
        output === 'json' ? json(explainable().map(({ kind, name, meaning }) => ({ kind, name, meaning }))) : index(),
      );
      return;
    }
    const explanations = explain(question);
    if (explanations.length === 0) throw new UsageError(unknown(question));
    print(output === 'json' ? json(explanations) : formatExplanations(explanations));
  },
});

function index(): string {
  return formatIndex(explainable());
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What was asked for is not repeated: it may be a secret that slipped into the line. */
function unknown(question: string): string {
  const near = nearestSubject(question);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return `explain: nothing has this name (argument 2)${hint} (explain alone lists what can be asked for)`;
}
