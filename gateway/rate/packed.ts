/**
 * A document packed as gzip (RFC 1952). Its kept pieces are packed once for all documents that hold them; the rest, some
 * hundred bytes that are of this document only, goes as it is: packing it would cost a hundred times what it saves.
 */
import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Html, KeptPiece } from './html.js';

/** Deflate, no name, no time, unknown system (RFC 1952, 2.3). */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** A last block that holds nothing (RFC 1951, 3.2.4). */
const END = Buffer.from([1, 0, 0, 0xff, 0xff]);
/** A stored block holds so many bytes at most (RFC 1951, 3.2.4). */
const STORED_BYTES = 0xffff;

interface PackedPiece {
  readonly bytes: Buffer;
  /** Blocks that end at a byte's end and refer to nothing outside, so that they may stand anywhere. */
  readonly blocks: readonly Buffer[];
}

const packedPieces = new WeakMap<KeptPiece, PackedPiece>();

export function packed({ pieces }: Html): Buffer {
  const out: Buffer[] = [HEAD];
  let [sum, total] = [0, 0];
  for (const piece of pieces) {
    const { bytes, blocks } = typeof piece === 'string' ? storedPiece(piece) : packedPiece(piece);
    sum = crc32(bytes, sum);
    total += bytes.length;
    out.push(...blocks);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(sum, 0);
  tail.writeUInt32LE(total % 2 ** 32, 4);
  return Buffer.concat([...out, END, tail]);
}

function packedPiece(piece: KeptPiece): PackedPiece {
  const known = packedPieces.get(piece);
  if (known !== undefined) return known;
  const bytes = Buffer.from(piece.text);
  const blocks = deflateRawSync(bytes, { level: constants.Z_BEST_COMPRESSION, finishFlush: constants.Z_SYNC_FLUSH });
  const made = { bytes, blocks: [blocks] };
  packedPieces.set(piece, made);
  return made;
}

function storedPiece(text: string): PackedPiece {
  const bytes = Buffer.from(text);
  const blocks: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += STORED_BYTES) {
    const part = bytes.subarray(from, from + STORED_BYTES);
    const head = Buffer.alloc(5);
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(part.length ^ 0xffff, 3);
    blocks.push(head, part);
  }
  return { bytes, blocks };
}
