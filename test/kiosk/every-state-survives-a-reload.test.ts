/** Axe has no objection to any screen, and a reload of any goes on where it was: the terminal knows. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kioskPage } from './kiosk-page.js';
import { STATES } from './states.js';

const { standIn, open } = kioskPage();
const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const RUN_AXE = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`;
/** What stands there, without what time and addresses change. */
const STANDS = `document.querySelector('.stage').innerHTML.replace(/blob:[^"]*/g, '').replace(/\\d+ 秒/g, '')`;

it.each(STATES)('$name', async ({ set, shows, then }) => {
  set(standIn);
  const { page, faults } = await open();
  await page.locator(shows).first().waitFor();
  await then?.(standIn, page);
  await page.evaluate(AXE);
  expect(await page.evaluate(RUN_AXE)).toEqual([]);

  if (then === undefined) {
    const pictures = standIn.view.staff?.photo === true && (await page.locator('.photo').count()) > 0;
    if (pictures) await page.locator('.photo img').waitFor();
    const before = await page.evaluate<string>(STANDS);
    await page.reload();
    await page.locator(shows).first().waitFor();
    if (pictures) await page.locator('.photo img').waitFor();
    await expect.poll(() => page.evaluate<string>(STANDS)).toBe(before);
    // The secret left the address at once, and the reload found it all the same.
    expect(page.url()).not.toContain('#');
  }
  expect(faults).toEqual([]);
});

it('a page without the secret says where it belongs', async () => {
  const { page } = await open();
  await page.evaluate('sessionStorage.clear()');
  await page.reload();
  await page.getByText('请在评价器上打开本页').waitFor();
});
