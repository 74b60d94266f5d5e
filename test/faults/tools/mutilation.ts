/** Damage to files as disks, cards and people do it: bits flipped, pages zeroed or exchanged, ends cut off. */
import { closeSync, existsSync, openSync, readSync, statSync, truncateSync, writeSync } from 'node:fs';

export type Damage = 'bit flipped' | 'bytes flipped' | 'page zeroed' | 'pages exchanged' | 'cut off';

/** What was done, in words that find the place again. */
export interface Mutilation {
  readonly damage: Damage;
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

const PAGE = 4_096;
const DAMAGES: readonly Damage[] = ['bit flipped', 'bytes flipped', 'page zeroed', 'pages exchanged', 'cut off'];

/**
 * Damages one of the files that exist, anywhere in what is written in it.
 * @param files with the bytes of each that are in use, where it is longer than that (a write-ahead log keeps its size).
 * @param random uniform in [0, 1).
 */
export function mutilate(
  files: readonly { readonly path: string; readonly usedBytes?: number }[],
  random: () => number,
): Mutilation {
  const there = files.filter(({ path }) => existsSync(path) && statSync(path).size > 0);
  const chosen = there[Math.floor(random() * there.length)];
  if (chosen === undefined) throw new RangeError('there is nothing to damage');
  const size = Math.min(statSync(chosen.path).size, Math.max(1, chosen.usedBytes ?? Number.MAX_SAFE_INTEGER));
  const damage = DAMAGES[Math.floor(random() * DAMAGES.length)] ?? 'bit flipped';
  const offset = Math.floor(random() * size);
  const page = offset - (offset % PAGE);
  switch (damage) {
    case 'bit flipped':
      change(chosen.path, offset, 1, (bytes) => flip(bytes, 1 << Math.floor(random() * 8)));
      return { damage, file: chosen.path, offset, bytes: 1 };
    case 'bytes flipped': {
      const bytes = Math.min(1 + Math.floor(random() * 64), size - offset);
      change(chosen.path, offset, bytes, (old) => flip(old, 1 + Math.floor(random() * 255)));
      return { damage, file: chosen.path, offset, bytes };
    }
    case 'page zeroed':
      change(chosen.path, page, PAGE, (old) => Buffer.alloc(old.length));
      return { damage, file: chosen.path, offset: page, bytes: PAGE };
    case 'pages exchanged': {
      const other = Math.floor((random() * size) / PAGE) * PAGE;
      const [here, there] = [read(chosen.path, page, PAGE), read(chosen.path, other, PAGE)];
      const length = Math.min(here.length, there.length);
      write(chosen.path, page, there.subarray(0, length));
      write(chosen.path, other, here.subarray(0, length));
      return { damage, file: chosen.path, offset: Math.min(page, other), bytes: PAGE };
    }
    case 'cut off':
      truncateSync(chosen.path, offset);
      return { damage, file: chosen.path, offset, bytes: size - offset };
  }
}

function flip(bytes: Buffer, mask: number): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ mask));
}

function change(path: string, offset: number, length: number, changed: (old: Buffer) => Buffer): void {
  write(path, offset, changed(read(path, offset, length)));
}

function read(path: string, offset: number, length: number): Buffer {
  const handle = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(handle, bytes, 0, length, offset));
  } finally {
    closeSync(handle);
  }
}

function write(path: string, offset: number, bytes: Buffer): void {
  const handle = openSync(path, 'r+');
  try {
    writeSync(handle, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(handle);
  }
}
