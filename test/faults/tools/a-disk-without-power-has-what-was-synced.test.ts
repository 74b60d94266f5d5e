import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isMounted, LoopDisk, needsRoot, noLoopDisks } from './loop-disk.js';
import { noSmallDisks, SmallDisk } from './small-disk.js';

const folder = mkdtempSync(join(tmpdir(), 'pjq-disks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

describe.skipIf((await noLoopDisks(folder)) !== undefined)('a disk on an image', () => {
  let disk: LoopDisk;
  beforeEach(async () => {
    disk = new LoopDisk(join(folder, 'loop'));
    await disk.start();
  });
  afterEach(() => disk.stop());

  it('keeps through a cut what was synced, and not what was only written', async () => {
    const file = openSync(join(disk.path, 'kept'), 'w');
    writeSync(file, 'synced');
    fsyncSync(file);
    // Written into the room that the file has: no other sync carries it to the disk.
    writeSync(file, 'SYNCED', 0);
    const first = await disk.cut([]);
    expect(readFileSync(join(first, 'kept'), 'utf8')).toBe('synced');
    expect(readFileSync(join(disk.path, 'kept'), 'utf8')).toBe('SYNCED');
    fsyncSync(file);
    const second = await disk.cut([]);
    expect(readFileSync(join(second, 'kept'), 'utf8')).toBe('SYNCED');
    closeSync(file);
    await disk.drop(first);
    expect([isMounted(first), existsSync(first), isMounted(second)]).toEqual([false, false, true]);
  });

  it('becomes read-only under an open file, and is whole again after the next mount', async () => {
    const file = openSync(join(disk.path, 'kept'), 'w');
    writeSync(file, 'synced');
    fsyncSync(file);
    await disk.becomeReadOnly();
    expect(() => {
      writeSync(file, 'more');
      fsyncSync(file);
    }).toThrow(/EROFS|EIO/);
    closeSync(file);
    await disk.mountAgain();
    expect(readFileSync(join(disk.path, 'kept'), 'utf8')).toBe('synced');
    writeFileSync(join(disk.path, 'other'), 'written');
  });

  it('leaves nothing behind', async () => {
    const cut = await disk.cut([]);
    await disk.stop();
    expect([isMounted(cut), isMounted(disk.path), readdirSync(folder)]).toEqual([false, false, []]);
  });
});

describe.skipIf((await noSmallDisks(folder)) !== undefined)('a small disk', () => {
  it('is full when it is filled, and has room again when it is cleared', async () => {
    const disk = new SmallDisk(join(folder, 'small'), 256);
    await disk.start();
    try {
      disk.fill(8_192);
      expect(disk.freeBytes).toBe(8_192);
      disk.fill();
      expect(disk.freeBytes).toBe(0);
      expect(() => writeFileSync(join(disk.path, 'one'), Buffer.alloc(4_096))).toThrow('ENOSPC');
      disk.clear();
      writeFileSync(join(disk.path, 'one'), Buffer.alloc(4_096));
    } finally {
      await disk.stop();
    }
    expect(isMounted(disk.path)).toBe(false);
  });
});

it.skipIf(process.getuid?.() === 0)('without root that is said', () => {
  expect(needsRoot()).toBe('needs root');
});
