import { expect, test } from 'vitest';
import type { DeskView, PartState } from '../../device/kiosk/staff/desk.js';
import { partsShown } from '../../device/kiosk/staff/part-states.js';
import { staffPages } from './staff-page-at-work.js';
import { signOn } from './states.js';

const { open } = staffPages();
type Shown = Pick<DeskView, 'parts' | 'paper' | 'backlog' | 'printerFault'>;

const ALL: Shown = {
  parts: {
    board: 'connected',
    keys: 'connected',
    keypad: 'connected',
    screen: 'connected',
    sound: 'connected',
    printer: 'connected',
    network: 'connected',
    log: 'connected',
  },
  paper: 'ok',
  backlog: 0,
  printerFault: null,
};
const told = (view: Shown) =>
  Object.fromEntries(partsShown(view).map(({ part, state, advice }) => [part, { state, advice }]));

test('what is not there is quiet; what counts on every terminal is told of', () => {
  const absent = { ...ALL, parts: { ...ALL.parts, keypad: 'absent', screen: 'absent', sound: 'absent' } as const };
  expect(Object.keys(told(absent))).toEqual(['board', 'keys', 'printer', 'paper', 'network', 'log']);
  expect(partsShown(ALL).every(({ condition, advice }) => condition === 'good' && advice === null)).toBe(true);
});

test.each(['degraded', 'lost'] as const)('every part that is %s has its advice', (state: PartState) => {
  for (const part of Object.keys(ALL.parts)) {
    const shown = told({ ...ALL, parts: { ...ALL.parts, [part]: state } });
    expect({ part, advice: shown[part]?.advice }).not.toEqual({ part, advice: null });
  }
});

test.each([
  ['cover-open', 'stateCover', 'adviceCover'],
  ['cutter-error', 'stateCutter', 'adviceCutter'],
  ['printer-offline', 'stateOffline', 'adviceOffline'],
  ['printer-fault', 'stateWeak', 'advicePrinterWeak'],
] as const)('a printer says what it has: %s', (printerFault, state, advice) => {
  const parts = { ...ALL.parts, printer: 'degraded' } as const;
  expect(told({ ...ALL, parts, printerFault })['printer']).toEqual({ state, advice });
  // One that is not heard says nothing any more.
  expect(told({ ...ALL, parts: { ...parts, printer: 'lost' }, printerFault })['printer']?.state).toBe('stateLost');
});

test('a printer without paper is told of once', () => {
  const shown = told({ ...ALL, parts: { ...ALL.parts, printer: 'degraded' }, paper: 'out' });
  expect([shown['printer']?.advice, shown['paper']?.advice]).toEqual([null, 'advicePaperOut']);
});

test('what changes before this page’s eyes is told with its hour', async () => {
  const work = await open();
  const { page, show } = work;
  show({ sound: 'degraded' });
  await signOn(work);
  const advice = (part: string) => page.locator(`[data-advice=${part}] strong`);
  show({ screen: 'lost' });
  await expect.poll(() => advice('screen').innerText()).toMatch(/^群众屏幕 断开（\d\d:\d\d 起）$/);
  show({ screen: 'connected', printer: 'degraded' }, { printerFault: 'cover-open' });
  await expect.poll(() => advice('printer').innerText()).toMatch(/^打印机 上盖开着（\d\d:\d\d 起）$/);
  expect(await advice('screen').count()).toBe(0);
});
