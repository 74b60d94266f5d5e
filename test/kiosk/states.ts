/** Every screen that a citizen can meet, and how the terminal brings it about. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { LEVELS, reasonsOf, type Level } from '../../protocol/index.js';
import { IDLE, INVITED, LATER, OFF_DUTY, PRESSED, THINGS, type StandIn } from './stand-in.js';

export interface ScreenState {
  readonly name: string;
  /** Before the page is opened: a reload finds the same. */
  readonly set: (standIn: StandIn) => void;
  /** What the page must have on it then, as a selector. */
  readonly shows: string;
  /** What is only said once, after the page is open. */
  readonly then?: (standIn: StandIn, page: Page) => Promise<void>;
}

/** A core reason and another, as a citizen may have chosen them. */
function someReasons(level: Level): string[] {
  const codes = reasonsOf(level).map(({ code }) => code);
  return [0, 5].flatMap((at) => codes[at] ?? []);
}

const idleAfter = { ...IDLE, service: null };

export const STATES: readonly ScreenState[] = [
  { name: 'idle', set: (at) => at.set(IDLE), shows: '.idle .card-name' },
  {
    name: 'idle-unknown-staff',
    set: (at) => at.set({ ...IDLE, staff: { staffNo: '10023', name: null, post: null, title: null, photo: false } }),
    shows: '.idle .photo-figure',
  },
  { name: 'idle-code', set: (at) => at.set({ ...idleAfter, later: LATER }), shows: '.idle .code' },
  { name: 'off-duty', set: (at) => at.set(OFF_DUTY), shows: '.big-mark-away' },
  {
    name: 'paused',
    set: (at) => at.set({ ...IDLE, state: 'paused', pausedFor: '系统维护' }),
    shows: '.message-reason',
  },
  { name: 'out-of-service', set: (at) => at.set({ ...OFF_DUTY, state: 'outOfService' }), shows: '.big-mark-closed' },
  { name: 'invited', set: (at) => at.set(INVITED), shows: '.rating .later' },
  {
    name: 'invited-bare',
    set: (at) =>
      at.set({
        ...INVITED,
        staff: null,
        later: null,
        service: { caseNo: '64020220261121013700000000000000000000000000000137', matter: null, stage: 'intake' },
      }),
    shows: '.rating .targets',
  },
  {
    name: 'invited-long-matter',
    set: (at) =>
      at.set({
        ...INVITED,
        service: {
          caseNo: '640202202611210137',
          matter: '城乡居民基本养老保险关系转移接续申请及个人账户储存额一次性领取办理',
          stage: 'completion',
        },
      }),
    shows: '.rating .matter',
  },
  { name: 'received', set: (at) => at.set({ ...PRESSED, choice: at.choice(4) }), shows: '.received .small-mark' },
  {
    name: 'received-shown',
    set: (at) => at.set(INVITED),
    shows: '.rating',
    then: async (at, page) => {
      at.accept(1);
      await expect.poll(() => page.locator('.chosen-face').count(), { interval: 20 }).toBe(1);
    },
  },
  ...LEVELS.map((level) => ({
    name: `reasons-of-${level}`,
    set: (at: StandIn) =>
      at.set({ ...PRESSED, canChange: false, reasonsOpen: true, choice: at.choice(level, someReasons(level)) }),
    shows: '.reason-grid',
  })),
  {
    name: 'received-things',
    set: (at) => at.set({ ...PRESSED, things: THINGS, choice: at.choice(4) }),
    shows: '.after',
  },
  {
    name: 'reasons-and-things',
    set: (at) =>
      at.set({ ...PRESSED, things: THINGS, canChange: false, reasonsOpen: true, choice: at.choice(2, someReasons(2)) }),
    shows: '.reason-grid',
  },
  ...[0, 2].map((marking) => ({
    name: `thing-${marking}`,
    set: (at: StandIn) => at.set({ ...PRESSED, things: THINGS, marking, canChange: false, choice: at.choice(4) }),
    shows: '.thing',
  })),
  { name: 'thanks', set: (at) => at.set({ ...idleAfter, ended: 'rated' }), shows: '.big-mark-tick' },
  { name: 'unrated', set: (at) => at.set({ ...idleAfter, ended: 'unrated', later: LATER }), shows: '.message .code' },
  { name: 'unrated-no-code', set: (at) => at.set({ ...idleAfter, ended: 'unrated' }), shows: '.message-more' },
  {
    name: 'later-printing',
    set: (at) => at.set({ ...idleAfter, ended: 'later', later: LATER, slip: 'printing' }),
    shows: '.big-mark-slip',
  },
  {
    name: 'later-printed',
    set: (at) => at.set({ ...idleAfter, ended: 'later', later: LATER, slip: 'printed' }),
    shows: '.big-mark-slip',
  },
  {
    name: 'later-failed',
    set: (at) => at.set({ ...idleAfter, ended: 'later', later: LATER, slip: 'failed' }),
    shows: '.message .code',
  },
  ...['touch-1', 'touch-4'].map((target) => ({
    name: `check-${target}`,
    set: (at: StandIn) => at.set({ ...IDLE, selfCheck: { step: 'touch', target } }),
    shows: `.check-${target} .check-point`,
  })),
  ...['red', 'black'].map((target) => ({
    name: `check-${target}`,
    set: (at: StandIn) => at.set({ ...IDLE, selfCheck: { step: 'screen', target } }),
    shows: `.check-${target}`,
  })),
  {
    name: 'check-key',
    set: (at) => at.set({ ...IDLE, selfCheck: { step: 'keys', target: 'key-1' } }),
    shows: '.check-key-asked.level-1',
  },
  {
    name: 'check-going-on',
    set: (at) => at.set({ ...IDLE, selfCheck: { step: 'automatic', target: null } }),
    shows: '.check-more',
  },
  {
    name: 'notice',
    set: (at) => at.set(INVITED),
    shows: '.rating',
    then: async (at, page) => {
      at.say({ type: 'notice', notice: 'one-key-only' });
      await expect.poll(() => page.locator('.notice-said').count()).toBe(1);
    },
  },
];
