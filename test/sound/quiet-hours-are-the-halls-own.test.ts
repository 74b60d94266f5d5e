import { describe, expect, it } from 'vitest';
import { clipsOf, isQuiet, type SoundPolicy } from '../../device/sound/sound-policy.js';
import { terminalPolicySchema } from '../../protocol/index.js';

const SOUND: SoundPolicy = terminalPolicySchema.shape.sound.parse({});
const at = (text: string) => Date.parse(text);

describe('quiet hours', () => {
  const lunch = [{ from: '12:00', to: '14:00' }];

  it.each([
    ['2026-06-01T11:59:59+08:00', false],
    ['2026-06-01T12:00:00+08:00', true],
    ['2026-06-01T13:59:59+08:00', true],
    ['2026-06-01T14:00:00+08:00', false],
  ])('at %s are %s', (time, quiet) => expect(isQuiet(lunch, 'Asia/Shanghai', at(time))).toBe(quiet));

  it.each([
    ['2026-06-01T19:59:00+08:00', false],
    ['2026-06-01T20:00:00+08:00', true],
    ['2026-06-02T00:00:00+08:00', true],
    ['2026-06-02T07:59:00+08:00', true],
    ['2026-06-02T08:00:00+08:00', false],
  ])('that go past midnight are at %s %s', (time, quiet) =>
    expect(isQuiet([{ from: '20:00', to: '08:00' }], 'Asia/Shanghai', at(time))).toBe(quiet),
  );

  it('of the same time twice are the whole day, and none at all are none', () => {
    expect(isQuiet([{ from: '08:00', to: '08:00' }], 'Asia/Shanghai', at('2026-06-01T03:00:00Z'))).toBe(true);
    expect(isQuiet([], 'Asia/Shanghai', at('2026-06-01T03:00:00Z'))).toBe(false);
  });

  // Where clocks are put forward at 02:00 and back at 03:00, the wall decides, not the hours that passed.
  it.each([
    ['before the clocks go forward', '2026-03-29T00:59:00Z', true],
    ['after they went forward to 03:00', '2026-03-29T01:00:00Z', false],
    ['02:30 for the first time when they go back', '2026-10-25T00:30:00Z', true],
    ['02:30 for the second time', '2026-10-25T01:30:00Z', true],
    ['03:00 after it', '2026-10-25T02:00:00Z', false],
  ])('%s', (_, time, quiet) =>
    expect(isQuiet([{ from: '01:00', to: '03:00' }], 'Europe/Berlin', at(time))).toBe(quiet),
  );
});

it('what is said follows the policy, language after language', () => {
  const all: SoundPolicy = { ...SOUND, welcome: true, languages: ['zh', 'bo', 'en'] };
  expect(clipsOf('opened', all)).toEqual([
    'welcome-zh',
    'invite-zh',
    'welcome-bo',
    'invite-bo',
    'welcome-en',
    'invite-en',
  ]);
  expect(clipsOf('thanked', all)).toEqual(['thanks-zh', 'thanks-bo', 'thanks-en']);
  expect(clipsOf('accepted', all)).toEqual(['key']);
  expect(clipsOf('opened', SOUND)).toEqual(['invite-zh']);
  const none: SoundPolicy = { ...SOUND, key: false, invite: false, thanks: false };
  expect([clipsOf('opened', none), clipsOf('thanked', none), clipsOf('accepted', none)]).toEqual([[], [], []]);
});
