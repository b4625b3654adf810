import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const AXE = fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url));

/** A desk and a telephone, light and dark. */
const SIGHTS = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[] }[];
  }[];
}

/**
 * What axe finds wrong with a page at each width and in each colour scheme, what is folded away opened, but for long
 * tables: a line for each rule with the first element.
 * @param settled waits until the page has taken in another width
 */
export async function violationsOf(
  page: Page,
  settled: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly string[]> {
  await page.evaluate(
    "document.querySelectorAll('details').forEach((each) => { each.open = each.querySelectorAll('td').length < 100; })",
  );
  await page.evaluate(await readFile(AXE, 'utf8'));
  const found: string[] = [];
  for (const { width, colorScheme } of SIGHTS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await settled();
    const { violations } = await page.evaluate<AxeResult>("axe.run(document, { resultTypes: ['violations'] })");
    found.push(
      ...violations.map(({ id, nodes }) => `${width} px, ${colorScheme}: ${id}: ${nodes[0].target.join(' ')}`),
    );
  }
  return found;
}
