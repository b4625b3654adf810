import { shown } from '../experiment/language/values/input-error.js';
import { visibleLines } from '../experiment/language/values/visible.js';
import { OutputError } from '../report/output-error.js';
import { EXIT } from './exit-codes.js';

const BYTE_ORDER_MARK = '\uFEFF';

/** Writes data to standard output, without what would act on a terminal. */
export function print(text: string): void {
  const marked = text.startsWith(BYTE_ORDER_MARK);
  process.stdout.write((marked ? BYTE_ORDER_MARK : '') + visibleLines(marked ? text.slice(1) : text));
}

/**
 * Writes an answer with colours, if it has nothing else to be cleaned of.
 * @param render the answer with colours or without
 */
export function printStyled(render: (colour: boolean) => string, colour: boolean): void {
  const plain = visibleLines(render(false));
  // Where something was cleaned, there is an escape to be seen, and colours cannot be told from those of an input.
  process.stdout.write(colour && !plain.includes('\\u') ? render(true) : plain);
}

/** Writes a message for a person to standard error, in a line of its own. */
export function say(message: string): void {
  process.stderr.write(`${visibleLines(message)}\n`);
}

/** Writes several messages; of very many only the first. */
export function sayAll(messages: readonly string[], noun = 'warnings'): void {
  shown(messages, noun).forEach(say);
}

/**
 * Makes errors of the standard streams harmless: a reader that has seen enough (`secretsim presets | head -1`)
 * is no error, and a full disk behind `>` is told in one line (exit code 1).
 */
export function guardStandardStreams(): void {
  process.stdout.on('error', (error: Error & { readonly code?: unknown }) => {
    if (error.code === 'EPIPE') return;
    say(new OutputError('standard output', error).message);
    process.exit(EXIT.failed);
  });
  process.stderr.on('error', () => undefined);
}
