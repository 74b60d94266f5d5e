import { beforeAll, expect, test } from 'vitest';
import { pinHash } from '../../device/local/pin.js';
import type { StaffMember } from '../../device/hall-file.js';
import { staffPages, type StaffPageAtWork } from './staff-page-at-work.js';

const { open } = staffPages();
const PIN = '470913';
const BADGE = 'BDG-0047-11';
let staff: ReadonlyMap<string, StaffMember>;

beforeAll(async () => {
  const bare = { post: null, title: null, photo: null, pin: null, badge: null };
  const members = [
    { ...bare, staffNo: '1001', name: '扎西卓玛', pin: await pinHash(PIN), badge: BADGE },
    { ...bare, staffNo: '1002', name: '李晓燕' },
  ];
  staff = new Map(members.map((member) => [member.staffNo, member]));
});

/** Where a PIN could be left: the document, what the page stored, the address and what the fields hold. */
const LEFT = `[document.documentElement.outerHTML, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }),
  location.href, document.title, ...[...document.querySelectorAll('input')].map(({ value }) => value)].join(' ')`;

async function staysNowhere({ page }: StaffPageAtWork): Promise<void> {
  const left = await page.evaluate<string>(LEFT);
  for (let length = 3; length <= PIN.length; length += 1) expect(left).not.toContain(PIN.slice(0, length));
}

test('by keyboard alone: the name, the PIN, Enter', async () => {
  const work = await open({ facts: { staff } });
  const { page, press, counter } = work;
  await page.keyboard.insertText('扎西');
  await press('Enter');
  await page.getByText('密码', { exact: true }).waitFor();
  await press(...PIN.slice(0, 4), '9', 'Backspace', ...PIN.slice(4));
  expect(await page.locator('#pin').inputValue()).toBe('••••••');
  await staysNowhere(work);
  await press('Enter');
  await expect.poll(() => counter.snapshot()).toMatchObject({ state: 'idle', staffNo: '1001' });
  await page.locator('#case-no').waitFor();
  await staysNowhere(work);
  expect(work.faults).toEqual([]);
});

test('by touch alone, and a wrong one is told in plain words and is typed anew', async () => {
  const work = await open({ facts: { staff } });
  const { page, counter } = work;
  await page.getByRole('option', { name: '扎西卓玛' }).click();
  const keys = page.getByRole('group', { name: '数字键' });
  const type = async (digits: string) => {
    for (const digit of digits) await keys.getByRole('button', { name: digit, exact: true }).click();
    await page.getByRole('button', { name: '签到' }).click();
  };
  await type('1111');
  await page.getByRole('alert').getByText('工号和密码不符').waitFor();
  expect(await page.locator('#pin').inputValue()).toBe('');
  expect(counter.snapshot().state).toBe('offDuty');
  // Each is at least 48 px: a finger's.
  for (const key of await keys.getByRole('button').all())
    expect((await key.boundingBox())?.height).toBeGreaterThanOrEqual(48);
  await type(PIN);
  await expect.poll(() => counter.snapshot()).toMatchObject({ state: 'idle', staffNo: '1001' });
});

test('five wrong ones lock the number for a while; the badge still signs on', async () => {
  const { page, press, scan, counter } = await open({ facts: { staff } });
  await page.getByRole('option', { name: '扎西卓玛' }).click();
  for (let guess = 0; guess < 5; guess += 1) {
    const refused = page.waitForResponse((response) => response.url().endsWith('/v1/duty'));
    await press('1', '2', '3', String(guess), 'Enter');
    await refused;
  }
  await page.getByText('工号和密码不符').waitFor();
  await press(...PIN, 'Enter');
  await page.getByRole('alert').getByText('密码错了多次').waitFor();
  await page.getByRole('alert').getByText('等一分钟再输，或扫工牌。').waitFor();
  expect(counter.snapshot().state).toBe('offDuty');
  await scan(BADGE);
  await expect.poll(() => counter.snapshot()).toMatchObject({ state: 'idle', staffNo: '1001' });
});

test('a badge signs on from anywhere on the page; one that nobody has is told so', async () => {
  const { page, scan, counter } = await open({ facts: { staff } });
  await scan('BDG-9999-99');
  await page.getByRole('alert').getByText('名册里没有这个工号').waitFor();
  await page.getByRole('button', { name: 'English' }).focus();
  await scan(BADGE);
  await expect.poll(() => counter.snapshot()).toMatchObject({ staffNo: '1001' });
});

test('a badge that says just the number signs on without a PIN, and asks for it with one', async () => {
  const { page, scan, press, counter } = await open({ facts: { staff } });
  await scan('1001');
  await page.getByText('密码', { exact: true }).waitFor();
  await press('Escape');
  await page.locator('#staff-no').waitFor();
  await scan('1002');
  await expect.poll(() => counter.snapshot()).toMatchObject({ staffNo: '1002' });
});

test('without a roster any number signs on, typed or scanned', async () => {
  const { page, press, scan, counter } = await open({ facts: { staff: new Map() } });
  await page.locator('#staff-no').focus();
  await press('7', '7', 'Enter');
  await expect.poll(() => counter.snapshot()).toMatchObject({ staffNo: '77' });
  await page.getByRole('button', { name: '签退' }).click();
  await page.locator('#staff-no').waitFor();
  await scan('HALL-0815');
  await expect.poll(() => counter.snapshot()).toMatchObject({ staffNo: 'HALL-0815' });
});
