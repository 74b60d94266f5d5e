/**
 * A wire over a device file that is read and written: a USB printer (Linux usblp, `/dev/usb/lp0`).
 *
 * It is opened without blocking, since a blocked read would hold one of the program's four threads for ever. Such a
 * device has no readiness that Node could wait for, so it is asked: often while an answer may come, seldom else.
 * usblp: nothing to read is EAGAIN or an empty read; a printer that takes nothing is EAGAIN on writing; one that was
 * pulled out is ENODEV; one that never says anything (unidirectional) is EINVAL on reading (drivers/usb/class/usblp.c).
 */
import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { ByteLink, ByteLinkEvents } from './byte-link.js';

/** After a write answers are looked for this often, and for this long. */
const SOON_MS = 10;
const ANSWERS_WITHIN_MS = 2_000;
/** Else this often: an automatic status may come at any time. */
const SELDOM_MS = 100;
/** Whether the device is still the one that was opened is looked at this often. */
const LOOK_MS = 500;
const CHUNK_BYTES = 4_096;
/** More than any slip with the questions behind it; a device that takes none of so much is of no use. */
const MOST_HELD_BYTES = 1024 * 1024;

export function openFileLink({ path }: { readonly path: string }, events: ByteLinkEvents): ByteLink {
  const link = new FileLink(path, events);
  link.start();
  return link;
}

class FileLink implements ByteLink {
  readonly #path: string;
  readonly #events: ByteLinkEvents;
  readonly #queue: { bytes: Buffer; readonly written: (() => void) | undefined }[] = [];
  #held = 0;
  #file: FileHandle | undefined;
  #device = '';
  #over = false;
  #closing = false;
  #writing = false;
  #busy = 0;
  #lastWriteAt = -Infinity;
  #timers = new Set<NodeJS.Timeout>();

  constructor(path: string, events: ByteLinkEvents) {
    this.#path = path;
    this.#events = events;
  }

  start(): void {
    this.#open().catch((error: unknown) => this.#end(messageOf(error)));
  }

  write(bytes: Buffer, written?: () => void): void {
    if (this.#over || this.#closing || !this.#file) return;
    if (this.#held + bytes.length > MOST_HELD_BYTES) return this.#end('it takes nothing any more');
    this.#queue.push({ bytes, written });
    this.#held += bytes.length;
    void this.#send();
  }

  close(): void {
    this.#closing = true;
    if (this.#queue.length === 0) this.#end('was closed');
  }

  destroy(): void {
    this.#end('was closed');
  }

  async #open(): Promise<void> {
    const file = await open(this.#path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);
    if (this.#over) return void file.close().catch(() => undefined);
    this.#file = file;
    const { dev, ino, rdev } = await file.stat();
    this.#device = `${dev} ${ino} ${rdev}`;
    if (this.#over) return;
    this.#events.opened();
    void this.#read(file);
    this.#later(LOOK_MS, () => void this.#look());
  }

  async #send(): Promise<void> {
    const file = this.#file;
    if (this.#writing || !file) return;
    this.#writing = true;
    for (let first = this.#queue[0]; first !== undefined && !this.#over; first = this.#queue[0]) {
      const taken = await this.#attempt(() => file.write(first.bytes, 0, Math.min(first.bytes.length, CHUNK_BYTES)));
      if (taken === 'broken') break;
      if (taken === 'not-now' || taken.bytesWritten === 0) {
        await new Promise<void>((resolve) => this.#later(SOON_MS, resolve));
        continue;
      }
      this.#lastWriteAt = performance.now();
      this.#held -= taken.bytesWritten;
      first.bytes = first.bytes.subarray(taken.bytesWritten);
      if (first.bytes.length > 0) continue;
      this.#queue.shift();
      first.written?.();
    }
    this.#writing = false;
    if (this.#closing) this.#end('was closed');
  }

  async #read(file: FileHandle): Promise<void> {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    const read = await this.#attempt(() => file.read(buffer, 0, buffer.length, null));
    if (this.#over || read === 'broken') return;
    const total = read === 'not-now' ? 0 : read.bytesRead;
    if (total > 0) this.#events.received(Uint8Array.from(buffer.subarray(0, total)));
    const expected = performance.now() - this.#lastWriteAt < ANSWERS_WITHIN_MS;
    this.#later(total > 0 || expected ? SOON_MS : SELDOM_MS, () => void this.#read(file));
  }

  /** Its name may be gone, or belong to another device, before reading fails. */
  async #look(): Promise<void> {
    const device = await stat(this.#path).then(
      ({ dev, ino, rdev }) => `${dev} ${ino} ${rdev}`,
      () => undefined,
    );
    if (device !== this.#device) return this.#end('is gone');
    this.#later(LOOK_MS, () => void this.#look());
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | 'not-now' | 'broken'> {
    this.#busy += 1;
    try {
      return await work();
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN' || code === 'EINTR') return 'not-now';
      // A device that only takes: it is never asked again, and that is no end.
      if (code === 'EINVAL' && syscall === 'read') return 'broken';
      this.#end(messageOf(error));
      return 'broken';
    } finally {
      this.#busy -= 1;
      this.#release();
    }
  }

  #later(delayMs: number, work: () => void): void {
    if (this.#over) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, delayMs);
    this.#timers.add(timer);
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#queue.length = 0;
    this.#release();
    this.#events.closed(`${this.#path}: ${reason}`);
  }

  /** A file that is being read or written is closed after that, or its number could already be another file's. */
  #release(): void {
    if (!this.#over || this.#busy > 0) return;
    const file = this.#file;
    this.#file = undefined;
    void file?.close().catch(() => undefined);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
