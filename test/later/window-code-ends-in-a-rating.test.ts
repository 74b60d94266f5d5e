import { expect, test } from 'vitest';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { servePage, type ServedPage } from './served-page.js';
import { CASE_NO, PHONE } from './window-hall.js';

const AGENT = 'a phone that says a lot of itself';

function ask({ port }: ServedPage, path: string, form?: Record<string, string>): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, {
    redirect: 'manual',
    headers: { 'user-agent': AGENT },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  });
}

test('from the code on the wall to a rating, through the real listener; the wrong number stays outside', async () => {
  const page = await servePage();
  const { edge } = page.hall;
  await page.hall.serve();
  const form = await ask(page, '/w/A12');
  expect(form.status).toBe(200);
  expect(await form.text()).toMatch(/name="caseNo"[\s\S]*name="factor"/);

  const wrong = await ask(page, '/w/A12', { caseNo: CASE_NO, factor: '0000' });
  expect(wrong.status).toBe(403);
  const nobody = await ask(page, '/w/A12', { caseNo: 'nobody', factor: '0000' });
  // The same page, but for what was typed.
  expect((await nobody.text()).replaceAll('nobody', CASE_NO)).toBe(await wrong.text());

  const right = await ask(page, '/w/A12', { caseNo: CASE_NO, factor: '4321' });
  expect(right.status).toBe(303);
  const path = new URL(right.headers.get('location') ?? '', `http://127.0.0.1:${page.port}/w/A12`);
  expect(path.pathname).toMatch(/^\/w[\w-]{38}$/);
  const shown = await (await ask(page, path.pathname)).text();
  expect(shown).toContain('name="level"');
  expect(shown).not.toContain(CASE_NO);

  const id = nodeRandomness.newId();
  expect((await ask(page, path.pathname, { id, level: '2' })).status).toBeLessThan(400);
  const row = await edge.store.db.selectFrom('rating').selectAll().where('serviceId', '=', 's-1').executeTakeFirst();
  expect(row).toMatchObject({ ratingId: id, level: 2, channel: 'window-qr', verified: 1 });
  expect(await (await ask(page, path.pathname, { id: nodeRandomness.newId(), level: '5' })).text()).toContain('评价过');

  // What was noted of who came, and what was not.
  await page.stop();
  const seen = await edge.store.db.selectFrom('sighting').selectAll().execute();
  expect(seen).toMatchObject([{ ratingId: id, inHall: 1 }]);
  const refused = await edge.ownEntries('code.refused');
  expect(refused.filter(({ code, by }) => code === 'window-code-refused' && by === 'window')).not.toEqual([]);
  for (const word of [AGENT, PHONE, path.pathname.slice(1)]) {
    expect(edge.onDisk(word)).toBe(false);
    expect(page.logLines.join('')).not.toContain(word);
  }
  expect(page.logLines.join('')).not.toContain(CASE_NO);
});
