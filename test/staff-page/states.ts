/** Every state of the page, and the way into it. */
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
