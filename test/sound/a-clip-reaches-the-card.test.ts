import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedVoiceFolder } from '../../hw/sound/recorded-clips.js';
import { atVolume, readWav, writeWav, type Recording } from '../../hw/sound/wav.js';
import { until } from '../hw/witness.js';
import { aplayAtWork } from './aplay-at-work.js';

function shipped(clip: string): Recording {
  const read = readWav(new Uint8Array(readFileSync(join(shippedVoiceFolder(), `${clip}.wav`))));
  if ('fault' in read) throw new Error(read.fault);
  return read;
}

/** A difference between two recordings is not for reading. */
const digest = (file: Uint8Array) => createHash('sha256').update(file).digest('hex');

it('the recording, at the volume that was asked, and the card is connected', async () => {
  const { player, links, start, heard } = aplayAtWork();
  expect(await player.play('key', 40)).toBe('failed');
  start();
  expect(player.link).toBe('lost');
  expect(await player.play('invite-zh', 40)).toBe('played');
  expect(heard().map(digest)).toEqual([digest(writeWav(atVolume(shipped('invite-zh'), 40)))]);
  expect(links).toEqual(['connected']);
});

it("a hall's own recording comes before the one that is shipped, and can be exchanged while it runs", async () => {
  const { player, own, start, heard } = aplayAtWork();
  start();
  mkdirSync(own);
  const mine: Recording = { rate: 8_000, channels: 2, pcm: new Uint8Array(Int16Array.of(100, -200, 300, -400).buffer) };
  writeFileSync(join(own, 'key.wav'), writeWav(mine));
  expect(await player.play('key', 100)).toBe('played');
  expect(heard()).toEqual([writeWav(mine)]);
});

it('what nobody has recorded, and a volume of 0, are silent and no fault', async () => {
  const { player, start, heard, links } = aplayAtWork();
  start();
  await until(() => player.link === 'connected');
  expect(await player.play('invite-bo', 100)).toBe('played');
  expect(await player.play('key', 0)).toBe('played');
  expect(heard()).toEqual([]);
  expect(links).toEqual(['connected']);
});

it('a recording that cannot be played is told by its name and what is wrong', async () => {
  const { player, own, start, reasons } = aplayAtWork();
  start();
  await until(() => player.link === 'connected');
  mkdirSync(own);
  writeFileSync(join(own, 'key.wav'), 'ID3 this is music');
  expect(await player.play('key', 40)).toBe('failed');
  expect(player.link).toBe('degraded');
  expect(reasons.at(-1)).toBe(`${join(own, 'key.wav')}: is no WAV file`);
  expect(await player.play('thanks-zh', 40)).toBe('played');
  expect(player.link).toBe('connected');
});

it('a new sound replaces the one that sounds, and one is heard at a time', async () => {
  const { player, mood, start, heard, alive } = aplayAtWork();
  start();
  await until(() => player.link === 'connected');
  mood('sounds');
  const first = player.play('welcome-zh', 40);
  await until(() => heard().length === 1);
  mood('plays');
  const [second, third] = [player.play('invite-zh', 40), player.play('key', 40)];
  expect(await Promise.all([first, second, third])).toEqual(['replaced', 'replaced', 'played']);
  const both = [shipped('welcome-zh'), shipped('key')].map((clip) => digest(writeWav(atVolume(clip, 40))));
  expect(heard().map(digest)).toEqual(both);
  expect(alive()).toBe(false);
});

it('an aplay that hears nothing is ended all the same, and none is left after the stop', async () => {
  const { player, mood, start, heard, alive, links } = aplayAtWork();
  start();
  await until(() => player.link === 'connected');
  mood('deaf');
  const playing = player.play('key', 40);
  await until(() => heard().length === 1);
  expect(alive()).toBe(true);
  await player.stop();
  expect(alive()).toBe(false);
  expect(await playing).toBe('replaced');
  expect(links).toEqual(['connected']);
});

it('an aplay that does not come to its end is ended, and that is a fault', async () => {
  const { player, mood, start, reasons } = aplayAtWork();
  start();
  await until(() => player.link === 'connected');
  mood('sounds');
  expect(await player.play('key', 40)).toBe('failed');
  expect(player.link).toBe('degraded');
  expect(reasons.at(-1)).toBe('aplay does not come to its end');
});

it('a card that is pulled is lost, is tried again, and comes back', async () => {
  const { player, mood, start, links, reasons, attempts, heard } = aplayAtWork();
  mood('absent');
  start();
  await until(() => attempts.length >= 3);
  expect(links).toEqual(['lost']);
  expect(reasons).toEqual(['aplay: main:831: audio open error: No such file or directory']);
  expect(attempts.slice(0, 3)).toEqual([1, 2, 3]);
  expect(await player.play('key', 40)).toBe('failed');
  mood('plays');
  await until(() => player.link === 'connected');
  mood('busy');
  expect(await player.play('key', 40)).toBe('failed');
  expect(links).toEqual(['lost', 'connected', 'degraded']);
  expect(heard()).toEqual([]);
});

it('a trial of the card never takes the place of a clip', async () => {
  const { player, mood, start, attempts } = aplayAtWork();
  mood('absent');
  start();
  for (let clip = 0; clip < 20; clip += 1) expect(await player.play('key', 40)).toBe('failed');
  // A clip that nobody has recorded does not end the trials.
  expect(await player.play('thanks-bo', 40)).toBe('played');
  const tried = attempts.length;
  await until(() => attempts.length > tried);
});

it('without the program the card is lost, with the package to install', async () => {
  const { player, start, reasons } = aplayAtWork({ command: '/nowhere/aplay' });
  start();
  await until(() => reasons.length === 1);
  expect(player.link).toBe('lost');
  expect(reasons[0]).toMatch(/install alsa-utils/);
  expect(await player.play('key', 40)).toBe('failed');
});

describe.skipIf(!hasAplay())('the real aplay', () => {
  it('takes what this program hands over, and says so of a card that is not there', async () => {
    const { player, start, links } = aplayAtWork({ command: 'aplay', device: 'null' });
    start();
    expect(await player.play('invite-en', 40)).toBe('played');
    expect(links).toEqual(['connected']);
    const absent = aplayAtWork({ command: 'aplay', device: 'pjq-no-such-card' });
    absent.start();
    expect(await absent.player.play('invite-en', 40)).toBe('failed');
    expect(absent.player.link).toBe('lost');
    expect(absent.reasons).toEqual(['aplay: main:831: audio open error: No such file or directory']);
  });
});

function hasAplay(): boolean {
  try {
    execFileSync('aplay', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
