import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOf } from '../../hw/serial-keypad/checksum.js';
import { encodeFrame } from '../../hw/serial-keypad/frame-form.js';
import { FrameReader, type Heard } from '../../hw/serial-keypad/frame-reader.js';
import { wordsOf } from '../../hw/serial-keypad/keypad-words.js';
import { hexBytes, MOST_PAYLOAD_BYTES, type FrameForm } from '../../hw/profiles/serial-keypad-profile.js';
import { loadSerialKeypadProfile } from '../../hw/profiles/serial-keypad-built-in.js';
import { KEYPAD_NAMES, type KeypadName } from './keypad-rig.js';

const BOXES = new Map(
  KEYPAD_NAMES.map((name) => {
    const profile = loadSerialKeypadProfile(name);
    const { payloads } = wordsOf(profile);
    return [
      name,
      { form: profile.frames, payloads, frames: payloads.map((payload) => encodeFrame(profile.frames, payload)) },
    ];
  }),
);

function readerOf(name: KeypadName): { reader: FrameReader; frames: number[][] } {
  const box = BOXES.get(name);
  if (!box) throw new Error('there is no such box');
  return { reader: new FrameReader(box.form, box.payloads), frames: box.frames };
}

/** Header, length, payload and sum can be of no more bytes. */
const MOST_HELD_BYTES = 16 + 8;

/** What was heard, with a run of noise as one, for a run may be told in pieces. */
function shown(heard: readonly Heard[]): string[] {
  const texts = heard.map((one) => (one.kind === 'noise' ? 'noise' : Buffer.from(one.payload).toString('hex')));
  return texts.filter((text, index) => text !== 'noise' || texts[index - 1] !== 'noise');
}

function readAll(name: KeypadName, chunks: readonly (readonly number[])[]): string[] {
  const { reader } = readerOf(name);
  let mostHeld = 0;
  const heard = chunks.flatMap((chunk) => {
    const part = reader.push(Uint8Array.from(chunk));
    mostHeld = Math.max(mostHeld, reader.pending);
    return part;
  });
  expect(mostHeld).toBeLessThan(MOST_HELD_BYTES);
  return shown([...heard, ...reader.quiet()]);
}

/** Bytes weighted to what would hurt: whole frames, frames with a flipped bit, frames cut short, headers. */
function bytesFor(name: KeypadName): fc.Arbitrary<number[]> {
  const { frames } = readerOf(name);
  const frame = fc.constantFrom(...frames);
  const flipped = fc
    .tuple(frame, fc.nat(), fc.integer({ min: 0, max: 7 }))
    .map(([bytes, at, bit]) => bytes.map((byte, index) => (index === at % bytes.length ? byte ^ (1 << bit) : byte)));
  const short = fc.tuple(frame, fc.nat()).map(([bytes, at]) => bytes.slice(0, at % bytes.length));
  const wild = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0xaa, 0x55, 0x02, 0x03, 0x0d, 0x35)), { maxLength: 12 });
  return fc.array(fc.oneof(frame, flipped, short, wild), { maxLength: 8 }).map((pieces) => pieces.flat());
}

describe.each(KEYPAD_NAMES)('frames of %s', (name) => {
  const { frames } = readerOf(name);

  it('are read whole, each once, at every place where they can be cut', () => {
    const stream = frames.flat();
    const whole = readAll(name, [stream]);
    expect(whole).toHaveLength(frames.length);
    for (let at = 0; at <= stream.length; at += 1) {
      expect(readAll(name, [stream.slice(0, at), stream.slice(at)])).toEqual(whole);
    }
    expect(
      readAll(
        name,
        stream.map((byte) => [byte]),
      ),
    ).toEqual(whole);
  });

  it('are the same whatever the bytes are and however they are cut, and nothing is kept', () => {
    fc.assert(
      fc.property(bytesFor(name), fc.array(fc.nat(200), { maxLength: 12 }), (bytes, cuts) => {
        const whole = readAll(name, [bytes]);
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((place, index) => bytes.slice(places[index], place));
        expect(readAll(name, chunks)).toEqual(whole);
        expect(
          readAll(
            name,
            bytes.map((byte) => [byte]),
          ),
        ).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('are found again behind any noise, once the line was quiet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(), (noise, at) => {
        const { reader } = readerOf(name);
        reader.push(noise);
        reader.quiet();
        expect(reader.pending).toBe(0);
        const frame = frames[at % frames.length] ?? [];
        const [one, ...rest] = reader.push(Uint8Array.from(frame));
        expect(one?.kind).toBe('frame');
        expect(rest).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(['serial-keypad-framed', 'serial-keypad-events'] as const)('a frame of %s', (name) => {
  it('with any single byte changed is none', () => {
    const { frames } = readerOf(name);
    const believed: number[][] = [];
    for (const frame of frames) {
      for (let at = 0; at < frame.length; at += 1) {
        for (let wrong = 1; wrong <= 0xff; wrong += 1) {
          const { reader } = readerOf(name);
          const bent = frame.map((byte, index) => (index === at ? byte ^ wrong : byte));
          const heard = [...reader.push(Uint8Array.from(bent)), ...reader.quiet()];
          if (heard.some(({ kind }) => kind === 'frame') || heard.length === 0) believed.push(bent);
        }
      }
    }
    expect(believed).toEqual([]);
  });
});

describe('a frame', () => {
  const forms = fc.record({
    form: fc.constant('framed' as const),
    header: fc.constantFrom('AA 55', '02', '7E 01 02 03'),
    lengthOf: fc.constantFrom('payload' as const, 'payload-and-checksum' as const, 'frame' as const),
    checksum: fc.constantFrom(...(['none', 'xor', 'sum8', 'crc8', 'crc16-modbus'] as const)),
    checksumOver: fc.constantFrom('payload' as const, 'length-and-payload' as const, 'frame' as const),
    trailer: fc.constantFrom('', '03', '0D 0A'),
    mostPayloadBytes: fc.constant(MOST_PAYLOAD_BYTES),
  }) satisfies fc.Arbitrary<FrameForm>;

  it('of any form is read as it was built', () => {
    const payload = fc.array(fc.nat(255), { minLength: 1, maxLength: MOST_PAYLOAD_BYTES });
    fc.assert(
      fc.property(forms, payload, (form, bytes) => {
        const reader = new FrameReader(form, []);
        expect(reader.push(Uint8Array.from(encodeFrame(form, bytes)))).toEqual([{ kind: 'frame', payload: bytes }]);
        expect(reader.pending).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('that claims to be longer than any is noise at once, and one inside its bytes is found when the line is quiet', () => {
    const { reader, frames } = readerOf('serial-keypad-framed');
    expect(reader.push(Uint8Array.of(0xaa, 0x55, 0xff))).toEqual([{ kind: 'noise' }]);
    const inside = frames[4] ?? [];
    expect(reader.push(Uint8Array.of(0xaa, 0x55, 0x0e, ...inside))).toEqual([]);
    expect(shown(reader.quiet())).toEqual(['noise', '0105']);
  });
});

describe('a checksum', () => {
  const CHECK = [...Buffer.from('123456789')];

  // The check values of the catalogue of parametrised CRC algorithms (CRC-8/SMBUS, CRC-16/MODBUS).
  it.each([
    ['none', []],
    ['xor', [0x31]],
    ['sum8', [0xdd]],
    ['crc8', [0xf4]],
    ['crc16-modbus', [0x37, 0x4b]],
  ] as const)('%s has its published check value', (kind, expected) => {
    expect(checksumOf(kind, CHECK)).toEqual(expected);
  });
});

it('reads hex with and without spaces', () => {
  expect(hexBytes('AA 55')).toEqual([0xaa, 0x55]);
  expect(hexBytes('aa55')).toEqual([0xaa, 0x55]);
});
