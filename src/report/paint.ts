import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Text in a style, where there are colours. */
export type Paint = (style: Style, text: string) => string;

/** Paints by ANSI colours, or not at all. */
export function paintWith(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
