/** More problems than these are counted, and longer ones cut: nobody reads on, and a wrong file has thousands. */
const SHOWN_MAX = 50;
const LENGTH_MAX = 2_000;

/** The user's input is at fault (exit code 2): nothing was run and nothing was written. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** One sentence each: where, what was found, what is allowed. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(shown(problems).join('\n'));
    this.problems = problems;
  }
}

/** A list of sentences of a length that can be read; what is left out is counted. */
export function shown(sentences: readonly string[], noun = 'problems'): readonly string[] {
  const cut = sentences
    .slice(0, SHOWN_MAX)
    .map((text) => (text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)} …` : text));
  const hidden = sentences.length - cut.length;
  return hidden > 0 ? [...cut, `and ${hidden.toLocaleString('en-US')} more ${noun}`] : cut;
}

/** The text is not in the format that is expected: a mistake where the file was named, normal among the files of a folder. */
export class FormatError extends InputError {}
