/** A virtual printer on free ports, a client on its wire, and a hand at its control. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import jsqr from 'jsqr';
import sharp from 'sharp';
import { onTestFinished, vi } from 'vitest';
import { ControlServer } from '../../simulator/printer/control-server.js';
import { installedFont } from '../../simulator/printer/font/font-slices.js';
import { GlyphCells } from '../../simulator/printer/font/glyph-cells.js';
import { Mechanism } from '../../simulator/printer/mechanism.js';
import { SlipPicture } from '../../simulator/printer/slip-picture.js';
import { VirtualPrinter } from '../../simulator/printer/virtual-printer.js';

const readQr = jsqr as unknown as (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0 is black, 255 white. */
  readonly grey: Uint8Array;
}

export class Wire {
  readonly socket: Socket;
  #heard: number[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => this.#heard.push(...(bytes as Buffer)));
    socket.on('error', () => undefined);
  }

  /** Everything that the printer said since the last look, as soon as it is `bytes` long. */
  async answer(bytes: number): Promise<number[]> {
    await vi.waitFor(
      () => {
        if (this.#heard.length < bytes) throw new Error(`heard ${this.#heard.length} bytes of ${bytes}`);
      },
      { timeout: 20_000 },
    );
    return this.#heard.splice(0);
  }

  get heard(): readonly number[] {
    return this.#heard;
  }

  say(...parts: (string | Uint8Array | readonly number[])[]): void {
    this.socket.write(bytesOf(...parts));
  }

  /** Waits until all before was executed: GS r is answered in the buffer's order. */
  async settled(): Promise<void> {
    this.say([0x1d, 0x72, 1]);
    await this.answer(1);
  }
}

/** Strings are ASCII. */
export function bytesOf(...parts: (string | Uint8Array | readonly number[])[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
}

export const ESC = 0x1b;
export const GS = 0x1d;
export const FS = 0x1c;
export const INIT = [ESC, 0x40];
export const KANJI = [FS, 0x26];
export const CUT = [GS, 0x56, 0];
export const QUERY = (n: number) => [0x10, 0x04, n];
/** 评价回执, 窗口, 请扫码 in GB18030. */
export const CHINESE = {
  评价回执: [0xc6, 0xc0, 0xbc, 0xdb, 0xbb, 0xd8, 0xd6, 0xb4],
  窗口: [0xb4, 0xb0, 0xbf, 0xda],
  请扫码: [0xc7, 0xeb, 0xc9, 0xa8, 0xc2, 0xeb],
} as const;

/** @param claimed what the length field of the data says, where it lies. */
export function qr(
  data: string,
  { size = 6, claimed = data.length }: { size?: number; claimed?: number } = {},
): Buffer {
  const length = claimed + 3;
  return bytesOf(
    [GS, 0x28, 0x6b, 4, 0, 49, 65, 50, 0],
    [GS, 0x28, 0x6b, 3, 0, 49, 67, size],
    [GS, 0x28, 0x6b, 3, 0, 49, 69, 49],
    [GS, 0x28, 0x6b, length & 255, length >> 8, 49, 80, 48],
    data,
    [GS, 0x28, 0x6b, 3, 0, 49, 81, 48],
  );
}

export class PrinterAtWork {
  readonly mechanism: Mechanism;
  readonly #printer: VirtualPrinter;
  readonly #control: ControlServer;
  #port = 0;
  #controlPort = 0;

  constructor(columns = 32) {
    this.mechanism = new Mechanism({ widthDots: columns * 12, now: Date.now });
    this.#printer = new VirtualPrinter({ mechanism: this.mechanism });
    const picture = new SlipPicture(columns * 12, new GlyphCells(installedFont()));
    this.#control = new ControlServer({ printer: this.#printer, mechanism: this.mechanism, picture, port: 0 });
  }

  async ready(): Promise<this> {
    this.#port = (await this.#printer.start()).port;
    this.#controlPort = (await this.#control.start()).port;
    onTestFinished(async () => {
      await this.#control.stop();
      await this.#printer.stop();
    });
    return this;
  }

  get port(): number {
    return this.#port;
  }

  async wire(): Promise<Wire> {
    const socket = connect(this.#port, '127.0.0.1');
    socket.setNoDelay(true);
    const wire = new Wire(socket);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return wire;
  }

  get(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#controlPort}${path}`);
  }

  async set(state: object): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#controlPort}/state`, { method: 'POST', body: JSON.stringify(state) });
  }

  post(path: string, body: object): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#controlPort}${path}`, { method: 'POST', body: JSON.stringify(body) });
  }

  async drop(): Promise<void> {
    await fetch(`http://127.0.0.1:${this.#controlPort}/drop`, { method: 'POST' });
  }

  async state(): Promise<Record<string, unknown>> {
    return (await (await this.get('/state')).json()) as Record<string, unknown>;
  }

  async text(path = '/paper.txt'): Promise<string> {
    return (await this.get(path)).text();
  }

  async lines(path?: string): Promise<string[]> {
    return (await this.text(path)).split('\n').slice(0, -1);
  }

  async picture(path = '/paper.png'): Promise<Picture> {
    const png = Buffer.from(await (await this.get(path)).arrayBuffer());
    const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, grey: data };
  }

  /** What an independent reader finds on the newest slip. */
  async scan(): Promise<string | undefined> {
    const { width, height, grey } = await this.picture();
    const pixels = new Uint8ClampedArray(width * height * 4);
    grey.forEach((value, at) => pixels.set([value, value, value, 255], at * 4));
    return readQr(pixels, width, height)?.data;
  }
}

/** A rectangle of a picture as rows of `#` and `.`. */
export function cut({ width, grey }: Picture, left: number, top: number, wide: number, high: number): string[] {
  return Array.from({ length: high }, (_, y) =>
    Array.from({ length: wide }, (_, x) => ((grey[(top + y) * width + left + x] ?? 255) < 128 ? '#' : '.')).join(''),
  );
}

export const black = (rows: readonly string[]) => rows.join('').split('#').length - 1;
/** First row that is printed on. */
export const HEAD_DOTS = 16;
