import type * as z from 'zod';
import { TEXT_TITLE } from './values/fields.js';
import {
  fieldNames,
  fieldSchema,
  pathsOfField,
  schemaAt,
  alternatives,
  type JsonSchema,
} from './values/json-schema.js';
import { formatOrigin, nodeAt, originAt, textAt, type Located, type Step } from './values/located.js';
import { didYouMean, nearestName } from './values/nearest-name.js';
import { formatPath } from './values/path-text.js';
import { isOurs, issueText, quotePath } from './quoting.js';

/** Something wrong at a place of the experiment. */
export interface Problem {
  /** From the top of the document. */
  readonly steps: readonly Step[];
  /** `key`: the field itself is wrong, not its value. */
  readonly part?: 'key' | 'value';
  readonly message: string;
}

/** Problems that are described, of each kind: more are not shown, and looking for what was meant takes time. */
const DESCRIBED_MAX = 1_000;

type Issue = z.core.$ZodIssue;

/** Problems as `file:line:column: path: message`, in the order of their places. */
export function formatProblems(problems: readonly Problem[], tree: Located): string[] {
  return problems
    .map(({ steps, part = 'value', message }) => {
      const path = quotePath(namedSteps(tree, part === 'key' ? knownSteps(steps) : steps));
      return { origin: originAt(tree, steps, part), text: path === '' ? message : `${path}: ${message}` };
    })
    .sort((a, b) => (a.origin.line ?? 0) - (b.origin.line ?? 0) || (a.origin.column ?? 0) - (b.origin.column ?? 0))
    .map(({ origin, text }) => `${formatOrigin(origin)}: ${text}`);
}

/** The steps to a field that is wrong in itself, as far as its name is ours: else to what has it. */
function knownSteps(steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1);
  return typeof last === 'string' && !isOurs(last) && steps[1] !== 'factors' ? steps.slice(0, -1) : steps;
}

/** Steps with the names of list items in place of their indices, as paths have them, where the names are ours. */
function namedSteps(tree: Located, steps: readonly Step[]): readonly Step[] {
  return steps.map((step, index) => {
    if (typeof step === 'string') return step;
    const name = textAt(nodeAt(tree, steps.slice(0, index + 1)), 'name');
    return name !== undefined && isOurs(name) ? name : step;
  });
}

/** What is wrong with data that the schema refuses. */
export function schemaProblems(issues: readonly Issue[], tree: Located, schema: JsonSchema): Problem[] {
  return issues.slice(0, DESCRIBED_MAX).flatMap((issue) => describeIssue(issue, [], tree, schema));
}

function describeIssue(issue: Issue, prefix: readonly Step[], tree: Located, schema: JsonSchema): Problem[] {
  const steps = [...prefix, ...issue.path.map((step) => (typeof step === 'symbol' ? step.toString() : step))];
  const node = nodeAt(tree, steps);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, DESCRIBED_MAX).map((key) => ({
        steps: [...steps, key],
        part: 'key',
        message: unknownField(steps, key, schema),
      }));
    case 'invalid_union':
      return describeUnion(issue, steps, tree, schema);
    case 'invalid_value':
      return [{ steps, message: wrongWord(node, issue.values.map(String), schemaAt(schema, steps)) }];
    case 'invalid_type':
      return [{ steps, message: `${expected(schemaAt(schema, steps), issue.expected)}, ${found(node)}` }];
    default:
      return [{ steps, message: (node?.type === 'scalar' ? `${found(node)}: ` : '') + issueText(issue) }];
  }
}

/** The problems of the alternative that was meant: the one whose outermost type fits. */
function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  steps: readonly Step[],
  tree: Located,
  schema: JsonSchema,
): Problem[] {
  const fits = (branch: readonly Issue[]): boolean =>
    branch.every(({ code, path }) => path.length > 0 || (code !== 'invalid_type' && code !== 'invalid_value'));
  const meant = issue.errors.find(fits);
  if (meant !== undefined) return meant.flatMap((inner) => describeIssue(inner, steps, tree, schema));
  return [{ steps, message: `${expected(schemaAt(schema, steps), 'value')}, ${found(nodeAt(tree, steps))}` }];
}

/** How a field's value is written, for messages: `expected a duration such as 90s`. */
function expected(schema: JsonSchema | undefined, fallback: string): string {
  const nouns = alternatives(schema).map((each) => {
    const example: unknown = each.examples?.[0];
    if (each.title !== undefined) return each.title + (typeof example === 'string' ? ` such as ${example}` : '');
    if (each.enum !== undefined) return each.enum.join(', ');
    if (each.const !== undefined) return String(each.const);
    return typeof each.type === 'string' ? TYPE_NOUNS[each.type] : (TYPE_NOUNS[fallback] ?? fallback);
  });
  return `expected ${[...new Set(nouns)].join(', or ')}`;
}

const TYPE_NOUNS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
};

/** What stands at a place: its kind, never its text. */
export function found(node: Located | undefined): string {
  if (node === undefined) return 'found nothing: the field is required';
  if (node.type !== 'scalar') return node.type === 'list' ? 'found a list' : 'found a map of fields';
  if (node.value === null || node.value === '') return 'found an empty value';
  if (typeof node.value === 'string') return node.value.trim() === '' ? 'found blanks' : 'found text';
  return typeof node.value === 'number' ? 'found a number' : `found ${node.value}`;
}

function wrongWord(node: Located | undefined, allowed: readonly string[], schema: JsonSchema | undefined): string {
  const word = node?.type === 'scalar' && node.value !== null ? node.text : undefined;
  // Releases are all alike: the nearest is no better a guess than the others.
  const meant = word === undefined || schema?.title === TEXT_TITLE ? '' : didYouMean(word, allowed);
  return `${found(node)}${meant} (allowed: ${allowed.join(', ')})`;
}

function unknownField(steps: readonly Step[], key: string, schema: JsonSchema): string {
  const known = fieldNames(schemaAt(schema, steps));
  const near = nearestName(key, known);
  const elsewhere = near === undefined ? pathsOfField(schema, key)[0] : undefined;
  const hint = elsewhere === undefined ? didYouMean(key, known) : `; did you mean ${formatPath(elsewhere)}?`;
  return `unknown field${hint} (known: ${known.join(', ')})`;
}

/** Plain data of a tree; fields that are text are taken as written, so that 1.30 does not become 1.3. */
export function plain(node: Located, schema: JsonSchema | undefined): unknown {
  switch (node.type) {
    case 'scalar':
      return typeof node.value === 'number' && schema?.title === TEXT_TITLE ? node.text : node.value;
    case 'list':
      return node.items.map((item) => plain(item, fieldSchema(schema, 0)));
    case 'map':
      return Object.fromEntries(
        [...node.entries].map(([key, { value }]) => [key, plain(value, fieldSchema(schema, key))]),
      );
  }
}
