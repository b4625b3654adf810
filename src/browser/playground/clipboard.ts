import { byId } from './elements.js';

/** Copies text, and says so; where the browser does not let a page copy, the text is shown and marked. */
export async function copy(text: string, said: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = 'Copied.';
  } catch {
    // Some browsers give no clipboard to a local file.
    const shown = byId('text', HTMLTextAreaElement);
    const details = shown.closest('details');
    if (details !== null) details.open = true;
    shown.focus();
    shown.select();
    said.textContent =
      shown.value === text
        ? 'This browser does not let a local file copy: the text below is marked, copy it by hand.'
        : 'This browser does not let a local file copy: copy the address of this page by hand.';
  }
}
