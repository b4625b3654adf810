/** What can be asked for. */
export type SubjectKind =
  'field' | 'metric' | 'file' | 'column' | 'behaviour' | 'release' | 'preset' | 'value' | 'term';

/** The same, in the order in which several things of one name are told. */
export const SUBJECT_KINDS: readonly SubjectKind[] = [
  'field',
  'metric',
  'file',
  'column',
  'behaviour',
  'release',
  'preset',
  'value',
  'term',
];

/** A part of what is explained: a field of a field, a column of a file, what a release brought. */
export interface ExplainedPart {
  readonly name: string;
  readonly meaning: string;
  /** Of a field that has one. */
  readonly default?: string;
}

/** What is known of one thing. What it does not have is missing. */
export interface Explanation {
  readonly kind: SubjectKind;
  /** A path inside the experiment file, `updates.csv`, `updates.due`, or the bare name of what has but one. */
  readonly name: string;
  readonly meaning: string;
  /** What its values are, and their bounds. */
  readonly type?: string;
  /** All values that it can have. */
  readonly values?: readonly string[];
  /** What holds where nothing is written. */
  readonly default?: string;
  readonly unit?: string;
  /** File and function of Kubernetes, KEP, pull request or measurement; or that it is an assumption. */
  readonly source?: string;
  /** The releases that it depends on. */
  readonly releases?: string;
  /** Where it is written or found. */
  readonly usedIn: readonly string[];
  readonly parts: readonly ExplainedPart[];
  /** Other things of which one reads here, or that are about this one; each can be asked for. */
  readonly seeAlso: readonly string[];
}

/** What is told of a thing before it is explained. */
export type Subject = Pick<Explanation, 'kind' | 'name' | 'meaning'> & {
  /** The rest: put together when it is asked for. */
  readonly explain: () => Explanation;
};
