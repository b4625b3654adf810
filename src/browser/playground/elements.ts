/** The element of an id. Throws where the page has none of this type: page and script do not belong together. */
export function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T;
export function byId(id: string): HTMLElement;
export function byId(id: string, type: abstract new () => HTMLElement = HTMLElement): HTMLElement {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no such element: ${id}`);
  return found;
}

export const input = (id: string): HTMLInputElement => byId(id, HTMLInputElement);
export const select = (id: string): HTMLSelectElement => byId(id, HTMLSelectElement);

/** A choice of a select. */
export function optionElement(value: string, text: string, selected: boolean): HTMLOptionElement {
  return new Option(text, value, selected, selected);
}
