import { expect, test } from 'vitest';
import { staffPages } from './staff-page-at-work.js';
import { openService, signOn } from './states.js';

const { open } = staffPages();

test('a disk that takes nothing: what is wrong, what to do, and the same service when it works again', async () => {
  const work = await open();
  const { page, scan, press, counter, breakLog, entries } = work;
  await signOn(work);
  breakLog(true);
  await scan('GZ-2026-000301');
  await press('Enter');
  const alert = page.getByRole('alert');
  await alert.getByText('没有记下来，所以没有执行').waitFor();
  await alert.getByText('请通知管理员查看存储').waitFor();
  await alert.getByText('log-write-failed').waitFor();
  // What was entered stays; nobody types it twice.
  expect(await page.locator('#case-no').inputValue()).toBe('GZ-2026-000301');
  breakLog(false);
  await press('Enter');
  await expect.poll(() => counter.snapshot()).toMatchObject({ caseNo: 'GZ-2026-000301' });
  await expect.poll(() => alert.getByText('没有记下来').count()).toBe(0);
  expect(entries().filter((entry) => entry.startsWith('service.opened'))).toHaveLength(1);
});

test('an answer that is lost on its way opens nothing twice', async () => {
  const work = await open();
  const { page, scan, press, counter, entries } = work;
  await signOn(work);
  await page.route('**/v1/services', async (route) => {
    // The terminal hears it, and its answer never arrives.
    await route.fetch();
    await route.abort();
  });
  await scan('GZ-2026-000302');
  await press('Enter');
  await page.getByRole('alert').getByText('评价器没有回答').waitFor();
  await page.unroute('**/v1/services');
  await press('Enter');
  await page.getByText('已开始，请群众在评价器上评价。').waitFor();
  expect(counter.snapshot()).toMatchObject({ caseNo: 'GZ-2026-000302' });
  expect(entries().filter((entry) => entry.startsWith('service.opened'))).toHaveLength(1);
});

test('a scan that cannot be taken now says why', async () => {
  const work = await open();
  await signOn(work);
  work.counter.pause('会议学习');
  await work.page.getByText('原因：会议学习').waitFor();
  await work.scan('GZ-2026-000303');
  await work.page.getByRole('alert').getByText('先点“恢复服务”，再扫一次。').waitFor();
  expect(work.counter.snapshot().state).toBe('paused');
});

test('what is wrong with a number is found before it is sent', async () => {
  const work = await open();
  const { page, press, scan } = work;
  await page.locator('#staff-no').fill('张三');
  await press('Enter');
  await page.getByRole('alert').getByText('工号只能用字母、数字和短横线。').waitFor();
  await signOn(work);
  await page.getByRole('button', { name: '开始评价' }).click();
  await page.getByRole('alert').getByText('请先扫描或输入办件编号。').waitFor();
  await scan('9'.repeat(51));
  await page.getByRole('alert').getByText('办件编号最多 50 个字').waitFor();
});

test('a printer that refuses, and one that will print later', async () => {
  const work = await open();
  const { page, show, printed } = work;
  await signOn(work);
  await openService(work);
  work.refusePrinting = 'paper-out';
  await page.getByRole('button', { name: '打印回执 F4' }).click();
  await page.getByRole('alert').getByText('装上新纸卷，会自动打印。').waitFor();
  work.refusePrinting = null;
  show({}, { paper: 'out' });
  await page.locator('[data-advice=paper]').waitFor();
  await page.getByRole('button', { name: '打印回执 F4' }).click();
  await page.getByText('装好纸、接好打印机后打印').waitFor();
  expect(printed).toHaveLength(1);
  show({ printer: 'absent' }, { paper: 'absent' });
  await expect.poll(() => page.getByRole('button', { name: '打印回执' }).count()).toBe(0);
});

test('a code that this page does not know is told as the terminal told it', async () => {
  const work = await open({ language: 'en' });
  await signOn(work);
  await openService(work);
  work.refusePrinting = 'store-locked';
  await work.page.getByRole('button', { name: 'Print slip F4' }).click();
  const alert = work.page.getByRole('alert');
  await alert.getByText('Another process holds this database.').waitFor();
  await alert.getByText('store-locked').waitFor();
});
