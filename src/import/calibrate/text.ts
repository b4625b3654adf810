import { basename } from 'node:path';
import { API_VERSION, KIND } from '../../experiment/language/schema.js';
import { STDIN } from '../../experiment/language/source.js';
import { valueText, type FieldValue, type Finding } from './findings.js';

/** What the file says of where it comes from. */
export interface OverlayOrigin {
  /** The scrapes, earlier first. */
  readonly scrapes: readonly string[];
  /** `60 s apart`, or what a single scrape covers. */
  readonly interval: string;
}

const WIDTH = 120;

/** The part of an experiment that `calibrate` writes: YAML, the reason of every number above it. */
export function overlayText({ scrapes, interval }: OverlayOrigin, findings: readonly Finding[]): string {
  const found = findings.filter(({ value }) => value !== null);
  const kept = findings.filter(({ value }) => value === null);
  return [
    ...comment(
      `Costs and latencies of a kube-apiserver, made by secretsim calibrate from ${scrapes.map(sourceName).join(' and ')} ` +
        `(${interval}). Only numbers and names of series were taken over.`,
    ),
    '# Lay it over an experiment: secretsim run EXPERIMENT.yaml and this file, in this order.',
    `apiVersion: ${API_VERSION}`,
    `kind: ${KIND}`,
    found.length === 0 ? 'spec: {}' : 'spec:',
    ...sectionLines(found),
    ...(kept.length === 0 ? [] : ['', '# What stays as the experiment has it, or at its default:']),
    ...kept.flatMap(({ field, default: standard, note }) =>
      comment(`${field} (default ${valueText(standard)}): ${note}.`, '', '  '),
    ),
    '',
  ].join('\n');
}

/** The fields, section by section in the order in which they come. */
function sectionLines(findings: readonly Finding[]): string[] {
  const lines: string[] = [];
  let open: readonly string[] = [];
  for (const { field, value, from, note } of findings) {
    const path = field.split('.');
    const sections = path.slice(0, -1);
    const shared = sections.findIndex((name, depth) => name !== open[depth]);
    sections.forEach((name, depth) => {
      if (shared >= 0 && depth >= shared) lines.push(`${indent(depth)}${name}:`);
    });
    open = sections;
    const series = from.length === 0 ? '' : `${from.join(', ')}: `;
    lines.push(...comment(`${series}${note}.`, indent(sections.length)));
    lines.push(`${indent(sections.length)}${path[sections.length]}: ${yamlOf(value ?? '')}`);
  }
  return lines;
}

function indent(depth: number): string {
  return '  '.repeat(depth + 1);
}

/** Durations and numbers need no quotes. */
function yamlOf(value: FieldValue): string {
  return typeof value === 'object' ? `{ p50: ${value.p50}, p99: ${value.p99} }` : String(value);
}

/** Text as lines of a comment, broken at blanks; lines after the first are indented by `hanging`. */
function comment(text: string, before = '', hanging = ''): string[] {
  const lines: string[] = [];
  let line = `${before}#`;
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${before}# ${hanging}${word}`;
    } else {
      line += ` ${word}`;
    }
  }
  return [...lines, line];
}

/** A line feed in a file's name would end the comment. */
function sourceName(path: string): string {
  return path === STDIN ? 'standard input' : basename(path).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}
