import { expect, it } from 'vitest';
import { SoundDesk } from '../../device/sound/sound-desk.js';
import type { SoundPolicy } from '../../device/sound/sound-policy.js';
import type { PlayOutcome, SoundClip } from '../../hw/ports/sound-player.js';
import { terminalPolicySchema } from '../../protocol/index.js';
import { CASE, counterAtWork } from '../device-session/counter-at-work.js';

const SOUND: SoundPolicy = terminalPolicySchema.shape.sound.parse({});

/** The counter with its real log, and a player that writes down what it is asked, and when. */
function heardAtWork(sound: Partial<SoundPolicy> = {}, outcome: PlayOutcome = 'played') {
  const work = counterAtWork();
  const heard: string[] = [];
  const asked: { clip: SoundClip; volumePercent: number }[] = [];
  const desk = new SoundDesk({
    player: {
      play: async (clip, volumePercent) => {
        heard.push(`${work.time.monoMs()} ${clip}`);
        asked.push({ clip, volumePercent });
        return outcome;
      },
    },
    policy: () => ({ ...SOUND, ...sound }),
    timeZone: () => 'Asia/Shanghai',
    clock: work.time,
  });
  desk.start(work.counter.snapshot());
  work.counter.subscribe((event) => desk.take(event));
  work.counter.dutyOn('A1');
  return { ...work, desk, heard, asked, clips: () => asked.map(({ clip }) => clip) };
}

/** Promises that are settled already get their turn. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

it('the same clips at the same moments, for every level and for a key as for a finger', async () => {
  const stories = new Set<string>();
  for (const via of ['key', 'touch'] as const) {
    for (const level of [1, 2, 3, 4, 5] as const) {
      const { counter, board, time, heard } = heardAtWork({ welcome: true });
      counter.open(CASE, 'command');
      await settled();
      time.advance(2_000);
      if (via === 'key') board.press(level);
      else counter.press(level, 'touch');
      await settled();
      time.advance(60_000);
      await settled();
      stories.add(heard.join(', '));
    }
  }
  expect([...stories]).toEqual(['1000 welcome-zh, 1000 invite-zh, 3000 key, 8000 thanks-zh']);
});

it('a change of mind sounds as the first press did', async () => {
  const { counter, board, clips } = heardAtWork();
  counter.open(CASE, 'command');
  board.press(5);
  board.press(1);
  await settled();
  expect(clips()).toEqual(['invite-zh', 'key', 'key']);
});

it('one who did not rate is not thanked, and no late press is greeted by a tone', async () => {
  const { counter, board, time, clips } = heardAtWork();
  counter.open(CASE, 'command');
  await settled();
  time.advance(600_000);
  await settled();
  board.press(4);
  await settled();
  expect(counter.snapshot().ended?.how).toBe('unrated');
  expect(clips()).toEqual(['invite-zh']);
});

it('each service is invited once and thanked once, whatever changes meanwhile', async () => {
  const { counter, board, time, clips } = heardAtWork();
  counter.open(CASE, 'command');
  counter.touch();
  counter.pause('lunch');
  board.press(3);
  await settled();
  time.advance(60_000);
  counter.resume();
  counter.pause('tea');
  await settled();
  expect(clips()).toEqual(['invite-zh', 'key', 'thanks-zh']);
});

it('what was open or over before a restart is not greeted again', async () => {
  const before = heardAtWork();
  before.counter.open(CASE, 'command');
  const after = before.restart({ awayMs: 1_000 });
  const clips: SoundClip[] = [];
  const desk = new SoundDesk({
    player: { play: async (clip) => (clips.push(clip), 'played') },
    policy: () => SOUND,
    timeZone: () => 'Asia/Shanghai',
    clock: after.time,
  });
  desk.start(after.counter.snapshot());
  after.counter.subscribe((event) => desk.take(event));
  expect(after.counter.snapshot().state).toBe('invited');
  after.counter.touch();
  await settled();
  expect(clips).toEqual([]);
  after.board.press(2);
  await settled();
  expect(clips).toEqual(['key']);
});

it('a press ends a prompt that is being said: the rest of it is left out', async () => {
  const { counter, board, clips } = heardAtWork({ welcome: true, languages: ['zh', 'en'] });
  counter.open(CASE, 'command');
  board.press(3);
  await settled();
  expect(clips()).toEqual(['welcome-zh', 'key']);
});

it('a card that fails is asked once for each occasion, and delays nothing', async () => {
  const { counter, board, story, clips } = heardAtWork({ languages: ['zh', 'en'] }, 'failed');
  counter.open(CASE, 'command');
  board.press(3);
  // In the very same turn: nothing has been waited for.
  expect(story.slice(-4)).toEqual(['commit press', 'lamps accepted', 'accepted', 'shows pressed']);
  await settled();
  expect(clips()).toEqual(['invite-zh', 'key']);
});

it('in quiet hours nothing is heard; the check that staff ask for is, and at a volume that can be heard', async () => {
  const { counter, board, desk, asked } = heardAtWork({ quiet: [{ from: '00:00', to: '00:00' }], volumePercent: 5 });
  counter.open(CASE, 'command');
  board.press(3);
  await settled();
  expect(asked).toEqual([]);
  expect(await desk.check()).toBe('played');
  expect(asked).toEqual([
    { clip: 'key', volumePercent: 40 },
    { clip: 'invite-zh', volumePercent: 40 },
  ]);
});

it('the volume of the policy is the one that is played, and after the stop nothing is', async () => {
  const { counter, board, desk, asked } = heardAtWork({ volumePercent: 15 });
  counter.open(CASE, 'command');
  await settled();
  expect(asked).toEqual([{ clip: 'invite-zh', volumePercent: 15 }]);
  desk.stop();
  board.press(3);
  await settled();
  expect(asked).toHaveLength(1);
});
