/*
 * Runs in report.html and in the playground: shows the numbers where one points, saves pictures and the files that the page
 * holds. A script without imports: its compiled text is put into the report as it is.
 */

/** What can be pointed at: an element of a picture that had a title. */
interface Target {
  readonly element: Element;
  readonly text: string;
}

/** Pixels around a target within which it is meant. */
const REACH = 120;
const MARGIN = 12;
const PNG_SCALE = 2;
const LINE_HEIGHT = 20;
const FOOT = 24;

const targetsOf = new WeakMap<Element, readonly Target[]>();
const bubble = document.createElement('div');
bubble.className = 'hover';
bubble.setAttribute('role', 'status');
bubble.hidden = true;
document.body.append(bubble);
let shown: Target | null = null;

/** The targets of a picture. Their titles are taken away: the browser would show them too, and late. */
function targets(picture: Element): readonly Target[] {
  const known = targetsOf.get(picture);
  if (known !== undefined) return known;
  const found = [...picture.querySelectorAll('title')].flatMap((title): readonly Target[] => {
    const { parentElement: element, textContent: text } = title;
    title.remove();
    return element === null || element === picture ? [] : [{ element, text }];
  });
  targetsOf.set(picture, found);
  return found;
}

/** The target that is nearest to a point, within reach. */
function nearest(picture: Element, x: number, y: number): Target | null {
  let best: Target | null = null;
  let least = REACH;
  for (const target of targets(picture)) {
    const { left, right, top, bottom } = target.element.getBoundingClientRect();
    const [dx, dy] = [Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom)];
    const distance = Math.hypot(dx, dy);
    if (distance >= least) continue;
    [best, least] = [target, distance];
  }
  return best;
}

function show(target: Target | null, x: number, y: number): void {
  if (target !== shown) shown?.element.removeAttribute('data-hovered');
  shown = target;
  bubble.hidden = target === null;
  if (target === null) return;
  target.element.setAttribute('data-hovered', '');
  bubble.textContent = target.text;
  const { width, height } = bubble.getBoundingClientRect();
  const room = document.documentElement.clientWidth - width - MARGIN;
  const above = y - height - MARGIN;
  bubble.style.left = `${Math.max(MARGIN, Math.min(x + MARGIN, room))}px`;
  bubble.style.top = `${above < 0 ? y + MARGIN : above}px`;
}

function pictureAt(event: Event): Element | null {
  return event.target instanceof Element ? event.target.closest('.picture svg[role=img]') : null;
}

function point(event: PointerEvent): void {
  const picture = pictureAt(event);
  show(picture === null ? null : nearest(picture, event.clientX, event.clientY), event.clientX, event.clientY);
}

/** Arrows go from number to number of the picture that has the focus. */
function step(event: KeyboardEvent): void {
  if (event.key === 'Escape') show(null, 0, 0);
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const frame = event.target instanceof Element && event.target.matches('.picture') ? event.target : null;
  if (by === undefined || frame === null) return;
  const all = [...frame.querySelectorAll('svg[role=img]')].flatMap(targets);
  if (all.length === 0) return;
  event.preventDefault();
  const from = all.findIndex((target) => target === shown);
  const next = all[from < 0 ? 0 : (from + by + all.length) % all.length];
  const { right, top } = next.element.getBoundingClientRect();
  show(next, right, top);
}

document.addEventListener('pointermove', point);
document.addEventListener('pointerdown', point);
document.addEventListener('keydown', step);
// Who goes by keyboard goes on from there.
document.addEventListener('scroll', () => (bubble.hidden = true), { passive: true });

/** Lets the browser save a file. */
export function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Text with the page's colours in the place of their names: a saved picture has no style sheet. */
function withColours(text: string): string {
  const style = getComputedStyle(document.documentElement);
  return text.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim());
}

/** A picture with its title, its legend and where it is from, as a document of its own. */
class Sheet {
  private readonly root: SVGSVGElement;
  private height = 6;

  constructor(private readonly picture: SVGSVGElement) {
    this.root = this.element('svg') as SVGSVGElement;
    const section = picture.closest('section');
    const frame = picture.closest('.picture');
    this.write(section?.querySelector('h2')?.textContent ?? '', 16);
    this.write(frame?.querySelector('h3')?.textContent ?? '', 13);
    for (const item of section?.querySelectorAll('.legend li') ?? []) this.entry(item);
    this.place();
    this.write(document.querySelector('.kicker')?.textContent ?? '', 11);
  }

  get size(): readonly [width: number, height: number] {
    return [this.picture.viewBox.baseVal.width, this.height + FOOT / 2];
  }

  text(): string {
    const [width, height] = this.size;
    const { root } = this;
    root.setAttribute('width', String(width));
    root.setAttribute('height', String(height));
    root.setAttribute('viewBox', `0 0 ${width} ${height}`);
    root.setAttribute('style', 'color: var(--ink); font-family: system-ui, sans-serif; background: var(--page)');
    const back = this.element('rect', { width, height, fill: 'var(--page)' });
    root.prepend(back);
    return withColours(new XMLSerializer().serializeToString(root));
  }

  private element(name: string, attributes: Readonly<Record<string, string | number>> = {}): SVGElement {
    const made = document.createElementNS(this.picture.namespaceURI, name) as SVGElement;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    return made;
  }

  /** A line of text, with a mark before it. */
  private write(text: string, size: number, mark: Element | null = null): void {
    const clean = text.replaceAll(/\s+/g, ' ').trim();
    if (clean === '') return;
    this.height += LINE_HEIGHT;
    const x = mark === null ? 8 : 50;
    const line = this.element('text', { x, y: this.height, 'font-size': size, fill: 'var(--ink)' });
    line.textContent = clean;
    this.root.append(...(mark === null ? [] : [mark]), line);
  }

  private entry(item: Element): void {
    const [line, swatch] = [item.querySelector('line'), item.querySelector('.swatch')];
    const y = this.height + LINE_HEIGHT - 4;
    const mark = line?.cloneNode() ?? this.element('rect', { width: 14, height: 10, y: -5, x: 10 });
    if (!(mark instanceof SVGElement)) return;
    mark.setAttribute('transform', `translate(8 ${line === null ? y : y - 5})`);
    if (swatch instanceof HTMLElement) mark.setAttribute('fill', swatch.style.background);
    this.write(item.textContent, 13, mark);
  }

  private place(): void {
    const copy = this.picture.cloneNode(true) as SVGSVGElement;
    copy.querySelectorAll('title').forEach((title) => title.remove());
    const { width, height } = this.picture.viewBox.baseVal;
    copy.setAttribute('y', String(this.height + 8));
    copy.setAttribute('width', String(width));
    copy.setAttribute('height', String(height));
    copy.style.overflow = 'visible';
    this.root.append(copy);
    this.height += height + 8;
  }
}

function pngOf(canvas: HTMLCanvasElement, name: string): void {
  canvas.toBlob((blob) => blob !== null && save(name, blob));
}

async function drawPng(sheet: Sheet, name: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sheet.text())}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  const [width, height] = sheet.size;
  [canvas.width, canvas.height] = [width * PNG_SCALE, height * PNG_SCALE];
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  pngOf(canvas, name);
}

function button(text: string, about: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.setAttribute('aria-label', `Save as ${text}: ${about}`);
  made.addEventListener('click', act);
  return made;
}

/** Buttons below each picture that save it. */
export function addSaveButtons(root: ParentNode): void {
  const count = new Map<string, number>();
  for (const picture of root.querySelectorAll('.picture svg[role=img], figure canvas')) {
    const id = picture.closest('section')?.id ?? 'picture';
    const number = (count.get(id) ?? 0) + 1;
    count.set(id, number);
    const name = number === 1 ? id : `${id}-${number}`;
    const about = picture.getAttribute('aria-label') ?? name;
    const bar = document.createElement('div');
    bar.className = 'save';
    if (picture instanceof HTMLCanvasElement) {
      bar.append(button('PNG', about, () => pngOf(picture, `${name}.png`)));
    } else if (picture instanceof SVGSVGElement) {
      const svg = (): void => save(`${name}.svg`, new Blob([new Sheet(picture).text()], { type: 'image/svg+xml' }));
      bar.append(
        button('SVG', about, svg),
        button('PNG', about, () => void drawPng(new Sheet(picture), `${name}.png`)),
      );
    }
    (picture.closest('.picture') ?? picture).after(bar);
  }
}

/** A link to a file that the page holds saves it: the page may have left its folder. */
function openHeld(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const name = link?.getAttribute('href') ?? '';
  const held = [...document.querySelectorAll('script[data-file]')].find(
    (each) => each.getAttribute('data-file') === name,
  );
  if (held === undefined) return;
  event.preventDefault();
  const type = { csv: 'text/csv', yaml: 'application/yaml' }[name.split('.').pop() ?? ''] ?? 'application/json';
  save(name, new Blob([JSON.parse(held.textContent) as string], { type }));
}

document.addEventListener('click', openHeld);
addSaveButtons(document);
