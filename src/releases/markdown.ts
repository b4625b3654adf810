import { NEWEST_RELEASE, OLDEST_RELEASE, RELEASES } from '../cluster/model/releases.js';
import { changesWith, type ReleaseChange } from './release-changes.js';

/** All changes as a page: a section per release, a row per behaviour. */
export function releasesMarkdown(): string {
  const sections = RELEASES.toReversed().flatMap((release) => {
    const changes = changesWith(release);
    return changes.length === 0 ? [] : [`## ${release}\n\n${table(changes)}`];
  });
  return `# What changes by release

Every behaviour of Kubernetes ${OLDEST_RELEASE} to ${NEWEST_RELEASE} that the simulator switches by release, and what it knows to be missing.
Written by \`secretsim releases --markdown\` from the table that the simulator itself goes by.

${sections.join('\n\n')}
`;
}

function table(changes: readonly ReleaseChange[]): string {
  const rows = changes.map((change) =>
    [change.component ?? 'not modelled', code(change), whatChanges(change), change.effect, change.source].map(cell),
  );
  const heads = ['component', 'behaviour', 'what changes', 'effect', 'source'];
  const lines = [heads, heads.map(() => '---'), ...rows];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function code({ component, name }: ReleaseChange): string {
  return component === null ? name : `\`${name}\``;
}

function whatChanges({ component, says, before, after }: ReleaseChange): string {
  return component === null ? says : `${says}: ${before} → ${after}`;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
