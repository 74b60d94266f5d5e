import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { expect, test } from 'vitest';
import { staffPages, type StaffPageAtWork } from './staff-page-at-work.js';
import { PAGE_STATES } from './states.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SIZES = [
  { width: 800, height: 600 },
  { width: 1280, height: 800 },
  { width: 600, height: 480 },
] as const;
/** Where pictures of the states are kept, for people to look at. */
const PICTURES = process.env['PJQ_PICTURES'];

const { open } = staffPages();

/** @returns what axe finds, rule and place. The protocol evaluates it, so that the page's own policy stays as it is. */
async function violations({ page }: StaffPageAtWork): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate<AxeResults>(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary ?? ''}`),
  );
}

/** @returns the boxes that cut off or scroll what is in them, sideways or where one works. */
async function overflows({ page }: StaffPageAtWork, tall: boolean): Promise<readonly string[]> {
  return page.evaluate<string[]>(`(() => {
    const over = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) over.push('page sideways');
    if (${tall} && root.scrollHeight > root.clientHeight) over.push('page');
    const doing = document.querySelector('.doing');
    if (${tall} && doing && doing.scrollHeight > doing.clientHeight + 1) over.push('.doing by ' + (doing.scrollHeight - doing.clientHeight));
    for (const button of document.querySelectorAll('button, .segment, h1, h2, .alert p, .advice p'))
      if (button.scrollWidth > button.clientWidth + 1 && getComputedStyle(button).display !== 'inline')
        over.push(button.textContent);
    return over;
  })()`);
}

test.each(PAGE_STATES)('$name', async ({ name, shows, reach }) => {
  const work = await open();
  await reach(work);
  await work.page.getByText(shows).first().waitFor();
  expect(await violations(work)).toEqual([]);
  for (const size of SIZES) {
    await work.page.setViewportSize(size);
    if (PICTURES !== undefined) {
      mkdirSync(PICTURES, { recursive: true });
      await work.page.screenshot({ path: join(PICTURES, `${name}-${size.width}.png`) });
    }
    expect({ size, over: await overflows(work, size.width >= 800) }).toEqual({ size, over: [] });
  }
  expect(work.faults).toEqual([]);
});

test.each(['en', 'xx'] as const)('the busiest state holds in %s', async (language) => {
  const work = await open({ language });
  await PAGE_STATES.find(({ name }) => name === 'everything-lost')?.reach(work);
  await work.page.locator('[data-advice=network]').waitFor();
  expect(await violations(work)).toEqual([]);
  if (PICTURES !== undefined) await work.page.screenshot({ path: join(PICTURES, `busiest-${language}.png`) });
  // A language to come may be so long that one scrolls, but nothing is cut off.
  expect(await overflows(work, language === 'en')).toEqual([]);
});

test.each(['en', 'xx'] as const)('the self-check holds in %s', async (language) => {
  const work = await open({ language });
  for (const name of ['self-check-key', 'self-check-question']) {
    await PAGE_STATES.find((state) => state.name === name)?.reach(work);
    await work.page.locator('.check-question').waitFor();
    expect(await violations(work)).toEqual([]);
    if (PICTURES !== undefined) await work.page.screenshot({ path: join(PICTURES, `${name}-${language}.png`) });
    expect(await overflows(work, language === 'en')).toEqual([]);
  }
});
