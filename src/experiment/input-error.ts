/** The user's input is at fault (exit code 2): nothing was run and nothing was written. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** One sentence each: where, what was found, what is allowed. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The text is not in the format that is expected: a mistake where the file was named, normal among the files of a folder. */
export class FormatError extends InputError {}
