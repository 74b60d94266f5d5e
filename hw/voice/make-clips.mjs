/**
 * Makes the recordings of this folder anew: `node hw/voice/make-clips.mjs`. Needs the program espeak-ng.
 * The tone is computed; the prompts are spoken by espeak-ng and brought to mono, 16 bits, 16,000 samples a second.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const RATE = 16_000;
const PEAK = 0.7 * 32_767;

const PINYIN = 'cmn-latn-pinyin';
const PROMPTS = [
  // 您好，欢迎您。 请您对本次服务作出评价。 谢谢您的评价。 In pinyin: the dictionary of Debian's build has no characters.
  ['welcome-zh', PINYIN, 165, 'nin2 hao3, huan1 ying2 nin2.'],
  ['invite-zh', PINYIN, 165, 'qing3 nin2 dui4 ben3 ci4 fu2 wu4 zuo4 chu1 ping2 jia4.'],
  ['thanks-zh', PINYIN, 165, 'xie4 xie5 nin2 de5 ping2 jia4.'],
  ['welcome-en', 'en-gb', 150, 'Hello, and welcome.'],
  ['invite-en', 'en-gb', 150, 'Please rate this service.'],
  ['thanks-en', 'en-gb', 150, 'Thank you for your rating.'],
];

for (const [clip, voice, wordsPerMinute, text] of PROMPTS) {
  const wav = execFileSync('espeak-ng', ['-v', voice, '-s', String(wordsPerMinute), '--stdout', text]);
  write(clip, level(fade(trim(resample(...samplesOf(wav))))));
}
write('key', tone());

/** A soft knock of 120 ms: 880 Hz and its octave, dying away. */
function tone() {
  const samples = Float64Array.from({ length: 0.12 * RATE }, (_, n) => {
    const t = n / RATE;
    return (Math.sin(2 * Math.PI * 880 * t) + 0.3 * Math.sin(2 * Math.PI * 1760 * t)) * Math.exp(-t / 0.03);
  });
  return level(fade(samples), 0.5 * PEAK);
}

/** espeak-ng writes a header of 44 bytes and lengths that it does not know yet. */
function samplesOf(wav) {
  const samples = new Float64Array((wav.length - 44) >> 1);
  for (let n = 0; n < samples.length; n += 1) samples[n] = wav.readInt16LE(44 + 2 * n);
  return [samples, wav.readUInt32LE(24)];
}

/** By a windowed sinc that leaves out what the new rate cannot hold. */
function resample(samples, from) {
  const ratio = RATE / from;
  const taps = 24;
  return Float64Array.from({ length: Math.floor(samples.length * ratio) }, (_, n) => {
    const middle = n / ratio;
    let sum = 0;
    for (let k = Math.ceil(middle - taps); k <= middle + taps; k += 1) {
      const x = k - middle;
      const y = Math.PI * x * ratio;
      const sinc = x === 0 ? 1 : Math.sin(y) / y;
      sum += (samples[k] ?? 0) * ratio * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / taps));
    }
    return sum;
  });
}

/** Leaves 30 ms of quiet at both ends. */
function trim(samples) {
  const loud = (sample) => Math.abs(sample) > 200;
  const margin = 0.03 * RATE;
  const first = Math.max(0, samples.findIndex(loud) - margin);
  return samples.slice(first, Math.min(samples.length, samples.findLastIndex(loud) + margin));
}

/** 5 ms up and down, so that nothing clicks. */
function fade(samples) {
  const edge = 0.005 * RATE;
  return samples.map((sample, n) => sample * Math.min(1, n / edge, (samples.length - 1 - n) / edge));
}

function level(samples, peak = PEAK) {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.map((sample) => Math.round((sample / loudest) * peak));
}

function write(clip, samples) {
  const file = Buffer.alloc(44 + 2 * samples.length);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + 2 * samples.length, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(2 * RATE, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, n) => file.writeInt16LE(sample, 44 + 2 * n));
  writeFileSync(new URL(`${clip}.wav`, import.meta.url), file);
  console.log(`${clip}.wav ${file.length} bytes, ${Math.round((1000 * samples.length) / RATE)} ms`);
}
