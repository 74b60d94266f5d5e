/** A WOFF2 file opened into its tables (https://www.w3.org/TR/WOFF2/). Node brings Brotli, so nothing else is needed. */
import { brotliDecompressSync } from 'node:zlib';
import { ByteCursor } from './byte-cursor.js';

const SIGNATURE = 0x774f4632;
const HEADER_BYTES = 48;
/** §4.1, table of known tags; only those that are read here have to stand at their index. */
const KNOWN_TAGS: Readonly<Record<number, string>> = {
  0: 'cmap',
  1: 'head',
  2: 'hhea',
  3: 'hmtx',
  10: 'glyf',
  11: 'loca',
};
const ARBITRARY_TAG = 63;
const GLYF = 10;
const LOCA = 11;

export interface Woff2Table {
  readonly bytes: Uint8Array;
  /** Whether it is stored in the transformed form of §5. */
  readonly transformed: boolean;
}

/** @throws Error where the file is no WOFF2. */
export function openWoff2(file: Uint8Array): ReadonlyMap<string, Woff2Table> {
  const cursor = new ByteCursor(file);
  if (cursor.u32() !== SIGNATURE) throw new Error('no WOFF2 file');
  cursor.skip(8);
  const tables = cursor.u16();
  cursor.skip(6);
  const compressedBytes = cursor.u32();
  cursor.seek(HEADER_BYTES);
  const directory: { tag: string; length: number; transformed: boolean }[] = [];
  for (let index = 0; index < tables; index++) {
    const flags = cursor.u8();
    const known = flags & 0x3f;
    const tag = known === ARBITRARY_TAG ? cursor.tag() : (KNOWN_TAGS[known] ?? `#${known}`);
    const version = flags >> 6;
    const transformed = known === GLYF || known === LOCA ? version !== 3 : version !== 0;
    const originalLength = cursor.base128();
    directory.push({ tag, length: transformed ? cursor.base128() : originalLength, transformed });
  }
  const data = brotliDecompressSync(file.subarray(cursor.at, cursor.at + compressedBytes));
  let at = 0;
  return new Map(
    directory.map(({ tag, length, transformed }) => {
      const bytes = data.subarray(at, at + length);
      at += length;
      return [tag, { bytes, transformed }];
    }),
  );
}
