/**
 * WOFF 1.0 → the plain font (sfnt) in it: pango takes no packed fonts. Pure but for zlib.
 * Source: W3C, WOFF File Format 1.0, 4 and 5.
 */
import { inflateSync } from 'node:zlib';

const SIGNATURE = 0x774f4646;
const HEADER_BYTES = 44;
const ENTRY_BYTES = 20;
/** Of the sfnt: its header, and one entry of its directory. */
const SFNT_HEADER_BYTES = 12;
const SFNT_ENTRY_BYTES = 16;

/** @throws RangeError or a zlib error when it is no whole WOFF file. */
export function sfntOf(woff: Buffer): Buffer {
  if (woff.readUInt32BE(0) !== SIGNATURE) throw new RangeError('no WOFF file');
  const tables = woff.readUInt16BE(12);
  const header = Buffer.alloc(SFNT_HEADER_BYTES);
  header.writeUInt32BE(woff.readUInt32BE(4), 0);
  header.writeUInt16BE(tables, 4);
  const power = Math.floor(Math.log2(tables));
  header.writeUInt16BE(16 * 2 ** power, 6);
  header.writeUInt16BE(power, 8);
  header.writeUInt16BE(tables * 16 - 16 * 2 ** power, 10);

  const directory = Buffer.alloc(tables * SFNT_ENTRY_BYTES);
  const bodies: Buffer[] = [];
  let at = SFNT_HEADER_BYTES + directory.length;
  for (let table = 0; table < tables; table += 1) {
    const entry = woff.subarray(HEADER_BYTES + table * ENTRY_BYTES, HEADER_BYTES + (table + 1) * ENTRY_BYTES);
    const [offset, packed, length] = [entry.readUInt32BE(4), entry.readUInt32BE(8), entry.readUInt32BE(12)];
    const stored = woff.subarray(offset, offset + packed);
    const body = packed < length ? inflateSync(stored, { maxOutputLength: length }) : stored;
    if (body.length !== length) throw new RangeError('a table of the WOFF file is cut off');
    entry.copy(directory, table * SFNT_ENTRY_BYTES, 0, 4);
    directory.writeUInt32BE(entry.readUInt32BE(16), table * SFNT_ENTRY_BYTES + 4);
    directory.writeUInt32BE(at, table * SFNT_ENTRY_BYTES + 8);
    directory.writeUInt32BE(length, table * SFNT_ENTRY_BYTES + 12);
    // Every table begins at a multiple of four.
    bodies.push(body, Buffer.alloc(-length & 3));
    at += length + (-length & 3);
  }
  return Buffer.concat([header, directory, ...bodies]);
}
