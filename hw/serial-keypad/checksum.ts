/** The sums that frames of key boxes end with. Pure. */
import type { FrameForm } from '../profiles/serial-keypad-profile.js';

export type Checksum = Extract<FrameForm, { form: 'framed' }>['checksum'];

export function checksumLength(kind: Checksum): 0 | 1 | 2 {
  if (kind === 'none') return 0;
  return kind === 'crc16-modbus' ? 2 : 1;
}

/** The bytes of the sum, in the order in which they are sent. */
export function checksumOf(kind: Checksum, bytes: readonly number[]): number[] {
  switch (kind) {
    case 'none':
      return [];
    case 'xor':
      return [bytes.reduce((sum, byte) => sum ^ byte, 0)];
    case 'sum8':
      return [bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)];
    case 'crc8':
      return [bytes.reduce(crc8, 0)];
    case 'crc16-modbus': {
      const crc = bytes.reduce(crc16, 0xffff);
      return [crc & 0xff, crc >> 8];
    }
  }
}

/** CRC-8/SMBUS: x^8 + x^2 + x + 1, from 0; check value of "123456789" is F4. */
function crc8(crc: number, byte: number): number {
  let next = crc ^ byte;
  for (let bit = 0; bit < 8; bit += 1) next = next & 0x80 ? ((next << 1) ^ 0x07) & 0xff : next << 1;
  return next;
}

/** CRC-16/MODBUS, from FFFF (Modbus over serial line V1.02, 6.2.2); check value of "123456789" is 4B37. */
function crc16(crc: number, byte: number): number {
  let next = crc ^ byte;
  for (let bit = 0; bit < 8; bit += 1) next = next & 1 ? (next >> 1) ^ 0xa001 : next >> 1;
  return next;
}
