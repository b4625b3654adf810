import { type Release, RELEASES } from '../cluster/model/releases.js';
import { allChanges, changesBetween, changesWith, type ReleaseChange } from '../releases/release-changes.js';
import { releasesMarkdown } from '../releases/markdown.js';
import { defineCommand } from './command.js';
import { formatRows, type PrintColumn } from './format-rows.js';
import { type CommandOption, OUTPUT_OPTION, type OutputFormat, UsageError } from './options.js';
import { print } from './print.js';
import { releaseOf } from './release-option.js';

const RELEASES_OPTIONS = {
  ...OUTPUT_OPTION,
  markdown: { type: 'boolean', default: false, describe: 'All changes as a Markdown page' },
} as const satisfies Record<string, CommandOption>;

const COLUMNS: readonly PrintColumn[] = [
  { name: 'release' },
  { name: 'behaviour', width: 22 },
  { name: 'what changes', width: 56 },
  { name: 'effect', width: 44 },
  { name: 'source', width: 30 },
];
const DATA_COLUMNS = ['release', 'component', 'name', 'of', 'says', 'before', 'after', 'effect', 'source'] as const;

/** `secretsim releases [A [B]]` */
export const releasesCommand = defineCommand(RELEASES_OPTIONS, {
  command: 'releases',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 releases [A [B]]\n\nWhat Kubernetes changed of how Secrets and ConfigMaps reach pods, and its effect on delay and load: ' +
          'everything, what came with release A, or what differs between A and B.',
      )
      // Positional arguments are read from `_`, as in other commands.
      .strict(false)
      .strictOptions()
      .options(RELEASES_OPTIONS)
      .example('$0 releases 1.28 1.34', 'what an upgrade from 1.28 to 1.34 changes')
      .example('$0 releases 1.37', 'what 1.37 brought'),
  words: RELEASES,
  handler: ({ _, output, markdown }) => {
    const given = _.slice(1).map((text) => releaseOf(String(text)));
    if (given.length > 2) throw new UsageError(`releases takes at most two releases, not ${given.length}`);
    if (markdown) print(releasesMarkdown());
    else print(textOf(changesOf(given), output));
  },
});

function textOf(changes: readonly ReleaseChange[], output: OutputFormat): string {
  if (output !== 'table') {
    const rows = changes.map((change) => DATA_COLUMNS.map((name) => change[name] ?? ''));
    return formatRows(
      output,
      DATA_COLUMNS.map((name) => ({ name })),
      rows,
    );
  }
  if (changes.length === 0)
    return 'Nothing that is modelled, or known to be missing, differs between these releases.\n';
  return formatRows('table', COLUMNS, changes.map(cells));
}

function changesOf(given: readonly Release[]): readonly ReleaseChange[] {
  if (given.length === 0) return allChanges();
  return given.length === 1 ? changesWith(given[0]) : changesBetween(given[0], given[1]);
}

function cells({ release, component, name, says, before, after, effect, source }: ReleaseChange): string[] {
  if (component === null) return [release, `${name} (not modelled)`, says, effect, source];
  return [release, name, `${says}: ${before} → ${after}`, effect, source];
}
