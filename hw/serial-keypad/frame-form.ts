/** A frame of a form: how it is built, and whether bytes begin with one. Pure. */
import { hexBytes, type FrameForm } from '../profiles/serial-keypad-profile.js';
import { checksumLength, checksumOf } from './checksum.js';

type Framed = Extract<FrameForm, { form: 'framed' }>;

/** What bytes begin with: a whole frame, the beginning of one, or something else. */
export type Sight =
  | { readonly kind: 'frame'; readonly payload: readonly number[]; readonly length: number }
  | { readonly kind: 'part' }
  | { readonly kind: 'noise' };

const PART: Sight = { kind: 'part' };
const NOISE: Sight = { kind: 'noise' };

/** The bytes on the wire for a payload; in the form `fixed` they are the payload itself. */
export function encodeFrame(form: FrameForm, payload: readonly number[]): number[] {
  if (form.form === 'fixed') return [...payload];
  const header = hexBytes(form.header);
  const trailer = hexBytes(form.trailer);
  const sumLength = checksumLength(form.checksum);
  const length = payload.length + countedBeyondPayload(form, header.length, sumLength, trailer.length);
  const sum = checksumOf(form.checksum, summed(form, header, length, payload));
  return [...header, length, ...payload, ...sum, ...trailer];
}

/** Looks at the beginning of `bytes`. `known`: the frames that there are, for the form `fixed`. */
export type Look = (bytes: readonly number[]) => Sight;

export function lookFor(form: FrameForm, known: readonly (readonly number[])[]): Look {
  return form.form === 'fixed' ? (bytes) => lookForFixed(known, bytes) : lookForFramed(form);
}

function lookForFixed(known: readonly (readonly number[])[], bytes: readonly number[]): Sight {
  let part = false;
  for (const frame of known) {
    if (beginsWith(bytes, frame)) return { kind: 'frame', payload: frame, length: frame.length };
    part ||= beginsWith(frame, bytes);
  }
  return part ? PART : NOISE;
}

function lookForFramed(form: Framed): Look {
  const header = hexBytes(form.header);
  const trailer = hexBytes(form.trailer);
  const sumLength = checksumLength(form.checksum);
  const beyond = countedBeyondPayload(form, header.length, sumLength, trailer.length);
  return (bytes) => {
    if (bytes.length <= header.length)
      return beginsWith(header, bytes) ? PART : beginsWith(bytes, header) ? PART : NOISE;
    if (!beginsWith(bytes, header)) return NOISE;
    const length = bytes[header.length] ?? 0;
    const payloadLength = length - beyond;
    if (payloadLength < 1 || payloadLength > form.mostPayloadBytes) return NOISE;
    const begin = header.length + 1;
    const end = begin + payloadLength;
    const whole = end + sumLength + trailer.length;
    if (bytes.length < whole) return PART;
    const payload = bytes.slice(begin, end);
    const rest = [...checksumOf(form.checksum, summed(form, header, length, payload)), ...trailer];
    return beginsWith(bytes.slice(end, whole), rest) ? { kind: 'frame', payload, length: whole } : NOISE;
  };
}

function countedBeyondPayload(form: Framed, header: number, sum: number, trailer: number): number {
  if (form.lengthOf === 'payload') return 0;
  return form.lengthOf === 'frame' ? header + 1 + sum + trailer : sum;
}

function summed(form: Framed, header: readonly number[], length: number, payload: readonly number[]): number[] {
  if (form.checksumOver === 'payload') return [...payload];
  return form.checksumOver === 'frame' ? [...header, length, ...payload] : [length, ...payload];
}

function beginsWith(bytes: readonly number[], beginning: readonly number[]): boolean {
  return beginning.length <= bytes.length && beginning.every((byte, index) => byte === bytes[index]);
}
