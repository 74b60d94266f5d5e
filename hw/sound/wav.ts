/**
 * Recordings as WAV files of 16-bit PCM: read, made softer, written. Pure.
 *
 * Source: Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft, 1991), RIFF and WAVE.
 */
export interface Recording {
  /** Samples a second. */
  readonly rate: number;
  readonly channels: number;
  /** Interleaved, little-endian, signed 16 bits. */
  readonly pcm: Uint8Array;
}

const BYTES_PER_SAMPLE = 2;
/** A prompt is a few seconds; a file that is larger is no prompt. */
export const LONGEST_FILE_BYTES = 4_000_000;

/** @returns the recording, or what is wrong with the file. */
export function readWav(file: Uint8Array): Recording | { readonly fault: string } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.byteLength > LONGEST_FILE_BYTES) return { fault: `is larger than ${LONGEST_FILE_BYTES} bytes` };
  if (file.byteLength < 12 || word(file, 0) !== 'RIFF' || word(file, 8) !== 'WAVE') return { fault: 'is no WAV file' };
  let format: { rate: number; channels: number } | undefined;
  for (let at = 12; at + 8 <= file.byteLength;) {
    const bytes = view.getUint32(at + 4, true);
    const body = at + 8;
    if (word(file, at) === 'fmt ' && bytes >= 16 && body + 16 <= file.byteLength) {
      const coding = view.getUint16(body, true);
      const channels = view.getUint16(body + 2, true);
      const rate = view.getUint32(body + 4, true);
      const bits = view.getUint16(body + 14, true);
      if (coding !== 1 || bits !== 16) return { fault: 'is not 16-bit PCM' };
      if (channels < 1 || channels > 2) return { fault: `has ${channels} channels, not one or two` };
      if (rate < 8_000 || rate > 48_000) return { fault: `has ${rate} samples a second, not 8000 to 48000` };
      format = { rate, channels };
    }
    if (word(file, at) === 'data') {
      if (!format) return { fault: 'has no format before its data' };
      const frame = format.channels * BYTES_PER_SAMPLE;
      // Recorders that are cut off leave a length that is too large, or 0xffffffff.
      const usable = Math.min(bytes, file.byteLength - body);
      return { ...format, pcm: file.subarray(body, body + usable - (usable % frame)) };
    }
    // Chunks begin at even places.
    at = body + bytes + (bytes % 2);
  }
  return { fault: 'has no data' };
}

/** The same recording at so many percent of its amplitude; never louder, and never past what 16 bits hold. */
export function atVolume(recording: Recording, volumePercent: number): Recording {
  const gain = Math.min(100, Math.max(0, volumePercent)) / 100;
  const pcm = new Uint8Array(recording.pcm.byteLength);
  const from = new DataView(recording.pcm.buffer, recording.pcm.byteOffset, recording.pcm.byteLength);
  const to = new DataView(pcm.buffer);
  for (let at = 0; at + BYTES_PER_SAMPLE <= pcm.byteLength; at += BYTES_PER_SAMPLE) {
    to.setInt16(at, Math.round(from.getInt16(at, true) * gain), true);
  }
  return { ...recording, pcm };
}

/** How long it sounds, ms. */
export function lengthMs({ rate, channels, pcm }: Recording): number {
  return (pcm.byteLength / (BYTES_PER_SAMPLE * channels * rate)) * 1_000;
}

/** Nothing to hear, for so long. */
export function silence(forMs: number): Recording {
  const rate = 16_000;
  return { rate, channels: 1, pcm: new Uint8Array(Math.round((forMs * rate) / 1_000) * BYTES_PER_SAMPLE) };
}

export function writeWav({ rate, channels, pcm }: Recording): Uint8Array {
  const file = new Uint8Array(44 + pcm.byteLength);
  const view = new DataView(file.buffer);
  const put = (at: number, text: string) => file.set(new TextEncoder().encode(text), at);
  const frame = channels * BYTES_PER_SAMPLE;
  put(0, 'RIFF');
  view.setUint32(4, 36 + pcm.byteLength, true);
  put(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * frame, true);
  view.setUint16(32, frame, true);
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true);
  put(36, 'data');
  view.setUint32(40, pcm.byteLength, true);
  file.set(pcm, 44);
  return file;
}

function word(file: Uint8Array, at: number): string {
  return String.fromCharCode(...file.subarray(at, at + 4));
}
