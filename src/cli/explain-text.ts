import { group } from 'd3-array';
import type { ExplainedPart, Explanation, Subject, SubjectKind } from '../explain/explanation.js';
import { plainTable } from '../report/plain-table.js';
import { TOOL } from '../tool.js';

const WIDTH = 100;
const LABEL_WIDTH = 10;
const NAME_WIDTH_MAX = 50;
/** More of one name than these are only listed. */
const EXPLAINED_MAX = 3;

/** The explanations for a person: one below the other, or a list where many things have the name. */
export function formatExplanations(explanations: readonly Explanation[]): string {
  if (explanations.length <= EXPLAINED_MAX) return explanations.map(formatExplanation).join('\n');
  const parts = explanations.map(({ name, meaning }) => ({ name, meaning }));
  return `${explanations.length} things have this name; ask for one of them.\n\n${columns(parts)}`;
}

function formatExplanation(explanation: Explanation): string {
  const { kind, name, meaning, values = [], usedIn, seeAlso, parts } = explanation;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [kind.toUpperCase(), name],
    ['TYPE', explanation.type],
    ['VALUES', values.length === 0 ? undefined : values.join(', ')],
    ['DEFAULT', explanation.default],
    ['UNIT', explanation.unit],
    ['RELEASES', explanation.releases],
    ['SOURCE', explanation.source],
    ['USED IN', usedIn.length === 0 ? undefined : usedIn.join('\n')],
    ['SEE ALSO', seeAlso.length === 0 ? undefined : seeAlso.join(', ')],
  ];
  const told = facts.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
  const blocks = [table(told, LABEL_WIDTH), wrapped(meaning)];
  if (parts.length > 0) blocks.push(`${PARTS[kind]}\n${columns(parts)}`);
  return blocks.filter((block) => block !== '').join('\n');
}

/** What the parts of each kind are called. */
const PARTS: Readonly<Record<SubjectKind, string>> = {
  field: 'FIELDS [default]',
  metric: '',
  file: 'COLUMNS',
  column: '',
  behaviour: 'VALUES',
  release: 'CHANGES',
  preset: 'SETTINGS',
  value: 'FIELDS',
  term: '',
};

function columns(parts: readonly ExplainedPart[]): string {
  const longest = Math.max(...parts.map(({ name }) => name.length));
  return table(
    parts.map(({ name, meaning, default: own }) => [name, own === undefined ? meaning : `${meaning} [${own}]`]),
    Math.min(longest, NAME_WIDTH_MAX),
  );
}

/** Two columns, the second wrapped. */
function table(rows: readonly (readonly [string, string])[], width: number): string {
  const lines = plainTable(
    rows.map((row) => [...row]),
    [
      { alignment: 'left', width, wrapWord: true },
      { alignment: 'left', width: WIDTH - width - 3, wrapWord: true },
    ],
  );
  return `${lines.join('\n')}\n`;
}

function wrapped(text: string): string {
  if (text === '') return '';
  return `${plainTable([[text]], [{ alignment: 'left', width: WIDTH, wrapWord: true }]).join('\n')}\n`;
}

/** Headings of the index. */
const HEADINGS: Readonly<Record<SubjectKind, string>> = {
  field: 'Fields of the experiment file (each with its own: kubelet.syncFrequency)',
  metric: 'Metrics: columns of runs.csv',
  file: 'Result files (columns: updates.csv, updates.due, due)',
  column: '',
  behaviour: 'Behaviours that changed between releases',
  release: 'Releases',
  preset: 'Presets',
  value: '',
  term: 'Terms',
};

/** Everything that can be asked for, but for what is asked for through it: inner fields, columns, values. */
export function formatIndex(subjects: readonly Subject[]): string {
  const listed = subjects.filter(
    ({ kind, name }) => HEADINGS[kind] !== '' && !(kind === 'field' && name.includes('.')),
  );
  const blocks = [...group(listed, ({ kind }) => kind)].map(
    ([kind, own]) => `${HEADINGS[kind]}:\n${indented(own.map(({ name }) => name).join(', '))}`,
  );
  return `${blocks.join('\n')}\n${TOOL.name} explain NAME says what it is: meaning, default, unit, source, where it is used.\n`;
}

function indented(text: string): string {
  const lines = plainTable([[text]], [{ alignment: 'left', width: WIDTH - 2, wrapWord: true }]);
  return lines.map((line) => `  ${line}\n`).join('');
}
