/** Column of the comments behind fields. */
const COMMENT_COLUMN = 45;

/** A field with a comment behind it. */
export function noted(field: string, note: string): string {
  return `${field.padEnd(COMMENT_COLUMN)} # ${note}`;
}

/** Text in a comment: one line, for a line feed would end the comment. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}

/** A scalar that YAML reads as it was, also inside a flow map. JSON's quoted text is YAML, too. */
export function scalar(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const plain = /^[A-Za-z][A-Za-z0-9._/-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}
