/** Every state of the page, and the way into it. */
import type { Finding } from '../../device/core/self-check-items.js';
import type { SelfCheckView } from '../../device/self-check/self-check-view.js';
import type { StaffPageAtWork } from './staff-page-at-work.js';

export interface PageState {
  readonly name: string;
  /** Stands on the page when the state is reached, zh. */
  readonly shows: string;
  readonly reach: (work: StaffPageAtWork) => Promise<void>;
}

const CASE = 'GZ-2026-000123';

export async function signOn({ page, counter }: StaffPageAtWork): Promise<void> {
  counter.dutyOn('1002');
  await page.locator('#case-no').waitFor();
}

export async function openService(work: StaffPageAtWork, caseNo = CASE): Promise<void> {
  const { counter, page } = work;
  counter.open(
    {
      serviceId: `S-${caseNo}`,
      caseNo,
      stage: 'completion',
      matter: { code: '110103', name: '社会保险参保登记' },
    },
    'local',
  );
  await page.locator('.current-case').getByText(caseNo, { exact: true }).waitFor();
}

/** A morning's work: some rated, some not. */
export async function work(desk: StaffPageAtWork): Promise<void> {
  await signOn(desk);
  const { counter, time, page } = desk;
  for (let index = 1; index <= 12; index += 1) {
    const caseNo = `GZ-2026-0001${String(index).padStart(2, '0')}`;
    counter.open(
      {
        serviceId: `S-${caseNo}`,
        caseNo,
        stage: index % 3 === 0 ? 'intake' : 'completion',
        matter: { name: '户口迁入登记' },
      },
      'local',
    );
    time.advance(20_000);
    if (index % 4 !== 0) desk.board.press(5);
    time.advance(61_000);
  }
  await page.getByText('GZ-2026-000112', { exact: true }).waitFor();
}

const FINDINGS: readonly Finding[] = [
  { item: 'log-write', result: 'fail', code: 'log-write-failed' },
  { item: 'clock', result: 'limited', code: 'clock-off' },
  { item: 'board', result: 'fail', code: 'board-lost' },
  { item: 'paper', result: 'limited', code: 'paper-low' },
  { item: 'cover', result: 'skipped', code: 'cover-unknown' },
  ...(['key-5', 'key-4', 'key-3', 'key-2', 'key-1', 'lamp-invited', 'lamp-accepted', 'lamp-fault'] as const).map(
    (item) => ({ item, result: 'skipped', code: 'board-lost' }) as const,
  ),
  { item: 'touch-4', result: 'fail', code: 'touch-silent' },
  { item: 'sound', result: 'fail', code: 'sound-unheard' },
];
const FAILED = { result: 'fail', since: 0, staffNo: '1002', reason: null, items: FINDINGS } as const;

/** A check that has come so far, with things that it found. */
function runningCheck(step: NonNullable<NonNullable<SelfCheckView['running']>['step']>): SelfCheckView {
  const done = [...FINDINGS, { item: 'network', result: 'pass' } as const];
  return {
    last: { result: 'missing', since: Date.now(), staffNo: null, reason: null, items: [] },
    running: { id: 'check-1', startedAt: Date.now(), remainingMs: 63_000, step, done, total: 38 },
  };
}

export const PAGE_STATES: readonly PageState[] = [
  { name: 'off-duty', shows: '选人或输入工号', reach: async () => undefined },
  {
    name: 'off-duty-searching',
    shows: '李晓燕 · 社保医保',
    reach: async ({ page }) => page.locator('#staff-no').fill('李'),
  },
  { name: 'idle', shows: '没有正在进行的评价', reach: work },
  {
    name: 'choosing-a-matter',
    shows: '核对事项，按回车开始。',
    reach: async (desk) => {
      await work(desk);
      await desk.scan(CASE);
      await desk.page.getByRole('option', { name: '不动产转移登记' }).waitFor();
    },
  },
  {
    name: 'no-such-matter',
    shows: '没有这个事项',
    reach: async (desk) => {
      await signOn(desk);
      await desk.scan(CASE);
      await desk.page.locator('#matter').fill('火星');
    },
  },
  {
    name: 'in-session',
    shows: '评价进行中',
    reach: async (desk) => {
      await work(desk);
      await openService(desk);
    },
  },
  {
    name: 'in-session-next-scanned',
    shows: '开始下一件会结束当前这件',
    reach: async (desk) => {
      await signOn(desk);
      await openService(desk);
      await desk.scan('GZ-2026-000999');
    },
  },
  {
    name: 'cancelling',
    shows: '取消这次评价？',
    reach: async (desk) => {
      await work(desk);
      await openService(desk);
      await desk.page.getByRole('button', { name: '取消评价' }).click();
    },
  },
  {
    name: 'signing-off-in-session',
    shows: '签退会结束它',
    reach: async (desk) => {
      await work(desk);
      await openService(desk);
      await desk.page.getByRole('button', { name: '签退' }).click();
    },
  },
  {
    name: 'pausing',
    shows: '暂停服务的原因',
    reach: async (desk) => {
      await work(desk);
      await desk.press('F8');
    },
  },
  {
    name: 'paused',
    shows: '原因：就餐休息',
    reach: async (desk) => {
      await work(desk);
      desk.counter.pause('就餐休息');
    },
  },
  {
    name: 'refused',
    shows: '没有记下来，所以没有执行',
    reach: async (desk) => {
      await work(desk);
      await openService(desk);
      desk.breakLog(true);
      await desk.press('F8');
      await desk.page.getByRole('button', { name: '就餐休息' }).click();
    },
  },
  {
    name: 'pin',
    shows: '密码',
    reach: async (desk) => {
      await desk.page.getByRole('option', { name: '王建国' }).click();
      await desk.press('4', '7', '0');
    },
  },
  {
    name: 'standing-in',
    shows: '换人签到',
    reach: async (desk) => {
      await signOn(desk);
      await openService(desk);
      await desk.page.getByRole('button', { name: '换人' }).click();
    },
  },
  {
    name: 'skipping-self-check',
    shows: '今天不自检的原因',
    reach: async (desk) => {
      await signOn(desk);
      await desk.page.getByRole('button', { name: '今天不检…' }).click();
    },
  },
  {
    name: 'self-check-key',
    shows: '请按 3 号键',
    reach: async (desk) => {
      await work(desk);
      desk.showCheck(runningCheck({ name: 'keys', attempt: 2, ask: 'press', target: 'key-3' }));
    },
  },
  {
    name: 'self-check-question',
    shows: '小票打出来了',
    reach: async (desk) => {
      await signOn(desk);
      desk.showCheck(runningCheck({ name: 'printer', attempt: 1, ask: 'scan', target: 'slip' }));
    },
  },
  {
    name: 'self-check-failed',
    shows: '自检未通过',
    reach: async (desk) => {
      await work(desk);
      desk.showCheck(runningCheck({ name: 'printer', attempt: 1, ask: 'scan', target: 'slip' }));
      await desk.page.getByText('小票打出来了').waitFor();
      desk.showCheck({ running: null, last: { ...FAILED, since: Date.now() } });
      await desk.page.locator('.check-findings').waitFor();
    },
  },
  {
    name: 'everything-lost',
    shows: '断网期间照常评价',
    reach: async (desk) => {
      await work(desk);
      await openService(desk);
      desk.show(
        { board: 'lost', keys: 'lost', printer: 'degraded', network: 'lost', log: 'degraded' },
        { paper: 'out', backlog: 137 },
      );
    },
  },
  {
    name: 'no-printer',
    shows: '未配',
    reach: async (desk) => {
      await work(desk);
      await openService(desk);
      desk.show({ printer: 'absent', keys: 'degraded' }, { paper: 'absent', backlog: 2 });
    },
  },
  {
    name: 'reconnecting',
    shows: '正在恢复…',
    reach: async (desk) => {
      await work(desk);
      await openService(desk);
      await desk.wire.stop();
    },
  },
  {
    name: 'address-no-longer-valid',
    shows: '请重新打开本页',
    reach: async (desk) => {
      await signOn(desk);
      await desk.restart();
    },
  },
];
