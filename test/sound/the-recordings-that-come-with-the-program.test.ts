import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findClip, shippedVoiceFolder } from '../../hw/sound/recorded-clips.js';
import { lengthMs } from '../../hw/sound/wav.js';

const FOLDER = shippedVoiceFolder();
const CLIPS = ['key', 'welcome-zh', 'invite-zh', 'thanks-zh', 'welcome-en', 'invite-en', 'thanks-en'] as const;

it.each(CLIPS)('%s is mono, 16,000 a second, can be heard and is short', async (clip) => {
  const recording = await findClip([FOLDER], clip);
  if (recording === null || 'fault' in recording) throw new Error(`${clip}: ${JSON.stringify(recording)}`);
  expect(recording).toMatchObject({ rate: 16_000, channels: 1 });
  expect(lengthMs(recording)).toBeLessThan(clip === 'key' ? 150 : 4_000);
  const samples = new Int16Array(recording.pcm.slice().buffer);
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(loudest).toBeGreaterThan(8_000);
  expect(loudest).toBeLessThan(32_767);
});

it('there is one tone and no clip of a level, none of Tibetan, and little of all', async () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.wav'));
  expect(files.sort()).toEqual(CLIPS.map((clip) => `${clip}.wav`).sort());
  expect(await findClip([FOLDER], 'invite-bo')).toBeNull();
  expect(files.reduce((sum, name) => sum + statSync(`${FOLDER}/${name}`).size, 0)).toBeLessThan(400_000);
  // Every file stands in the folder's page, with what it says.
  const page = readFileSync(`${FOLDER}/README.md`, 'utf8');
  for (const name of files) expect(page).toContain(`\`${name}\``);
});
