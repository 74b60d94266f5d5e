import fc from 'fast-check';
import { expect, it } from 'vitest';
import { atVolume, lengthMs, readWav, silence, writeWav, type Recording } from '../../hw/sound/wav.js';

const recording = fc
  .record({
    rate: fc.integer({ min: 8_000, max: 48_000 }),
    channels: fc.constantFrom(1, 2),
    samples: fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 40 }),
  })
  .map(({ rate, channels, samples }): Recording => {
    const whole = samples.slice(0, samples.length - (samples.length % channels));
    return { rate, channels, pcm: new Uint8Array(Int16Array.from(whole).buffer) };
  });
const samplesOf = ({ pcm }: Recording) => [...new Int16Array(pcm.slice().buffer)];

it('what is written is read again', () => {
  fc.assert(
    fc.property(recording, (one) => {
      expect(readWav(writeWav(one))).toEqual(one);
    }),
  );
});

it('the volume scales every sample, keeps the length, and never clips or turns a sample over', () => {
  fc.assert(
    fc.property(recording, fc.integer({ min: -20, max: 400 }), (one, percent) => {
      const gain = Math.min(100, Math.max(0, percent)) / 100;
      const softer = atVolume(one, percent);
      expect(lengthMs(softer)).toBe(lengthMs(one));
      samplesOf(softer).forEach((sample, at) => {
        expect(Math.abs(sample - (samplesOf(one)[at] ?? NaN) * gain)).toBeLessThanOrEqual(0.5);
      });
    }),
  );
  const loudest: Recording = { rate: 8_000, channels: 1, pcm: new Uint8Array(Int16Array.of(-32_768, 32_767).buffer) };
  expect(samplesOf(atVolume(loudest, 250))).toEqual([-32_768, 32_767]);
});

it('any bytes are a recording or have a fault that is named', () => {
  const start = new TextEncoder().encode('RIFF\u0000\u0000\u0000\u0000WAVEfmt ');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, headed) => {
      const file = headed ? Uint8Array.from([...start, ...bytes]) : bytes;
      const read = readWav(file);
      if ('fault' in read) expect(read.fault).toMatch(/^(is|has) /);
      else expect(lengthMs(read)).toBeLessThan(80);
    }),
  );
});

it('a file that this terminal cannot play is told by what is wrong with it', () => {
  const good = writeWav(silence(10));
  const changed = (at: number, ...bytes: number[]) => {
    const file = good.slice();
    file.set(bytes, at);
    return readWav(file);
  };
  expect(changed(20, 3)).toEqual({ fault: 'is not 16-bit PCM' });
  expect(changed(34, 24)).toEqual({ fault: 'is not 16-bit PCM' });
  expect(changed(22, 6)).toEqual({ fault: 'has 6 channels, not one or two' });
  expect(changed(24, 0x00, 0x77, 0x01, 0)).toEqual({ fault: 'has 96000 samples a second, not 8000 to 48000' });
  expect(changed(36, 0x6c)).toEqual({ fault: 'has no data' });
  expect(changed(0, 0x52, 0x49, 0x46, 0x58)).toEqual({ fault: 'is no WAV file' });
  expect(readWav(good.subarray(0, 11))).toEqual({ fault: 'is no WAV file' });
  expect(readWav(new Uint8Array(4_000_001))).toEqual({ fault: 'is larger than 4000000 bytes' });
});

it('a length that the recorder never filled in is the rest of the file, in whole frames', () => {
  const file = Uint8Array.from([...writeWav(silence(10)), 1]);
  file.set([0xff, 0xff, 0xff, 0xff], 40);
  const read = readWav(file);
  expect('fault' in read ? read : lengthMs(read)).toBe(10);
});
