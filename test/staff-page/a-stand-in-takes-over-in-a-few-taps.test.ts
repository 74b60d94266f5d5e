import { beforeAll, expect, test } from 'vitest';
import { pinHash } from '../../device/local/pin.js';
import type { StaffMember } from '../../device/hall-file.js';
import { staffPages, type StaffPageAtWork } from './staff-page-at-work.js';
import { openService } from './states.js';

const { open } = staffPages();
const PIN = '4709';
let staff: ReadonlyMap<string, StaffMember>;

beforeAll(async () => {
  const bare = { post: null, title: null, photo: null, pin: null, badge: null };
  const members = [
    { ...bare, staffNo: '1001', name: '扎西卓玛', pin: await pinHash(PIN), badge: 'BDG-0047-11' },
    { ...bare, staffNo: '1002', name: '李晓燕' },
    { ...bare, staffNo: '1003', name: '王建国' },
  ];
  staff = new Map(members.map((member) => [member.staffNo, member]));
});

/** A finger, and how often it tapped. */
function finger({ page }: StaffPageAtWork) {
  const taps = { total: 0 };
  const tap = async (name: string, role: 'button' | 'option' = 'button') => {
    taps.total += 1;
    await page.getByRole(role, { name, exact: role === 'button' && name.length === 1 }).click();
  };
  return { taps, tap };
}

async function onDuty(): Promise<StaffPageAtWork> {
  const work = await open({ facts: { staff } });
  work.counter.dutyOn('1002');
  await work.page.locator('#case-no').waitFor();
  return work;
}

// Ten seconds are three taps at the pace of a hand that has to read, and a PIN besides.

test('three taps, without a sign-off', async () => {
  const work = await onDuty();
  const { taps, tap } = finger(work);
  await tap('换人');
  await tap('王建国', 'option');
  await tap('签到');
  await expect.poll(() => work.counter.snapshot()).toMatchObject({ state: 'idle', staffNo: '1003' });
  await work.page.locator('.person', { hasText: '王建国' }).waitFor();
  expect(taps.total).toBe(3);
  expect(await work.page.getByRole('dialog').count()).toBe(0);
  expect(work.entries().filter((entry) => entry.startsWith('duty.off'))).toHaveLength(1);
});

test('with a PIN: three taps and its digits', async () => {
  const work = await onDuty();
  const { taps, tap } = finger(work);
  await tap('换人');
  await tap('扎西卓玛', 'option');
  for (const digit of PIN) await tap(digit);
  await tap('签到');
  await expect.poll(() => work.counter.snapshot()).toMatchObject({ staffNo: '1001' });
  expect(taps.total).toBe(3 + PIN.length);
});

test('one tap and the badge, while service is paused', async () => {
  const work = await onDuty();
  work.counter.pause('交接班');
  await work.page.getByText('原因：交接班').waitFor();
  await work.page.getByRole('button', { name: '换人' }).click();
  await work.page.getByRole('dialog').waitFor();
  await work.scan('BDG-0047-11');
  await work.page.locator('.person', { hasText: '扎西卓玛' }).waitFor();
});

test('what is open stays open, and what is refused is told where one looks', async () => {
  const work = await onDuty();
  const { page, press, counter } = work;
  await openService(work);
  await page.getByRole('button', { name: '换人' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('仍记在原来的人名下').waitFor();
  await dialog.locator('#staff-no').fill('扎西');
  await press('Enter', '1', '1', '1', '1', 'Enter');
  await dialog.getByRole('alert').getByText('工号和密码不符').waitFor();
  await press(...PIN, 'Enter');
  await page.locator('.person', { hasText: '扎西卓玛' }).waitFor();
  expect(counter.snapshot()).toMatchObject({ state: 'invited', caseNo: 'GZ-2026-000123' });
  await page.getByRole('heading', { name: '评价进行中' }).waitFor();
  expect(work.faults).toEqual([]);
});

test('who does not want it after all loses nothing', async () => {
  const work = await onDuty();
  const { page, press } = work;
  await page.getByRole('button', { name: '换人' }).click();
  await page.getByRole('dialog').waitFor();
  await press('Escape');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  expect(work.counter.snapshot().staffNo).toBe('1002');
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('case-no');
});
