/** Commands in buffer order become bands of paper and answers. It knows neither sockets nor whether there is paper. */
import { decodeByte, decodeGb18030, gb18030Length, hasCodePage } from './code-pages.js';
import type { Command } from './commands.js';
import { dotsFromColumns, dotsFromRows, enlarge } from './dots.js';
import { LineBuffer } from './line-buffer.js';
import { qrDots } from './qr-modules.js';
import type { Band, Placement } from './slip.js';
import { newStyle, STYLE_COMMANDS, type Style } from './style.js';
import { graphicsFunction, newQrSetup, qrFunction, type BlockResult, type StoredGraphics } from './symbols.js';

export interface TypesetterEvents {
  printed(band: Band): void;
  /** GS r n, GS I n, GS a n and the process id are answered by whoever knows the printer's state. */
  asked(question: Question): void;
  /** A command, or a function of one, that this printer does not know. */
  unknown(what: string): void;
}

export type Question =
  | { readonly kind: 'status' | 'identity' | 'automatic'; readonly n: number }
  | { readonly kind: 'process'; readonly id: Uint8Array };

const BARCODES: Readonly<Record<number, string>> = {
  0: 'UPC-A',
  1: 'UPC-E',
  2: 'EAN13',
  3: 'EAN8',
  4: 'CODE39',
  5: 'ITF',
  6: 'CODABAR',
  65: 'UPC-A',
  66: 'UPC-E',
  67: 'EAN13',
  68: 'EAN8',
  69: 'CODE39',
  70: 'ITF',
  71: 'CODABAR',
  72: 'CODE93',
  73: 'CODE128',
};

/** Known, and without anything that paper would show: drawer, beep, panel, character sets, fonts of bar codes … */
const INVISIBLE = new Set([
  'NUL', 'CR', 'CAN', 'ESC 4', 'ESC 5', 'ESC p', 'ESC c', 'ESC R', 'ESC =', 'ESC ?', 'ESC %', 'ESC &', 'ESC B', 'ESC U', 'ESC u', 'ESC v',
  'ESC T', 'ESC S', 'ESC r', 'ESC <', 'GS b', 'GS f', 'GS w', 'GS P', 'GS T', 'GS E', 'FS C', 'FS 2', 'FS ?',
  'DLE EOT', 'DLE ENQ', 'DLE DC4',
]); // prettier-ignore

export class Typesetter {
  readonly #events: TypesetterEvents;
  readonly #widthDots: number;
  readonly #line = new LineBuffer();
  #style: Style = newStyle();
  #pending: number[] = [];
  #qr = newQrSetup();
  #graphics: StoredGraphics = { dots: undefined };

  constructor(widthDots: number, events: TypesetterEvents) {
    this.#widthDots = widthDots;
    this.#events = events;
  }

  execute({ name: spoken, bytes }: Command): void {
    const name = spoken === 'ESC  ' ? 'ESC SP' : spoken;
    if (name === 'text') return this.#text(bytes[0] ?? 0);
    if (this.#pending.length > 0) this.#breakOff();
    const [n = 0, m = 0] = bytes;
    const style = STYLE_COMMANDS[name];
    if (style) {
      style(this.#style, n, m, bytes);
      if (name === 'ESC t' && !hasCodePage(n)) this.#events.unknown(`ESC t ${n}`);
      return;
    }
    if (INVISIBLE.has(name)) return;
    this.#act(name, n, m, bytes);
  }

  #act(name: string, n: number, m: number, bytes: Uint8Array): void {
    switch (name) {
      case 'ESC @':
        // What is on the line and not printed yet is lost, as the reference says.
        this.#line.clear();
        this.#style = newStyle();
        this.#qr = newQrSetup();
        return;
      case 'LF':
        return this.#print();
      case 'HT':
        return this.#tab();
      case 'ESC d':
        return this.#feedLines(n);
      case 'ESC J':
        return this.#line.isEmpty ? this.#feed(n) : this.#print(n);
      case 'ESC $':
        return this.#line.moveTo(n + m * 256);
      case 'ESC \\':
        return this.#line.moveTo(this.#line.x + (((n + m * 256) << 16) >> 16));
      case 'ESC *':
        return this.#bitImage(bytes);
      case 'ESC i':
        return this.#cut(false, 0);
      case 'ESC m':
        return this.#cut(true, 0);
      case 'GS V':
        return this.#cutBy(n, m);
      case 'GS v':
        return this.#raster(bytes);
      case 'GS k':
        return this.#barcode(bytes);
      case 'GS (':
        return this.#group(String.fromCharCode(n), bytes);
      case 'GS 8':
        if (n !== 0x4c) return this.#events.unknown(`GS 8 ${String.fromCharCode(n)}`);
        return this.#finish(graphicsFunction(this.#graphics, bytes.subarray(5)), () => this.#printGraphics());
      case 'GS r':
        return this.#events.asked({ kind: 'status', n });
      case 'GS I':
        return this.#events.asked({ kind: 'identity', n });
      case 'GS a':
        return this.#events.asked({ kind: 'automatic', n });
      default:
        this.#events.unknown(
          name === 'unknown' || name === 'oversize' ? `${name === 'oversize' ? 'too long: ' : ''}${hex(bytes)}` : name,
        );
    }
  }

  #text(byte: number): void {
    if (!this.#style.kanji) return this.#character(decodeByte(byte, this.#style.codePage), this.#style.cell);
    this.#pending.push(byte);
    const [first = 0, second] = this.#pending;
    const length = gb18030Length(first, second);
    if (length === undefined || this.#pending.length < length) return;
    const character = decodeGb18030(Uint8Array.from(this.#pending));
    this.#pending = [];
    this.#character(character, length === 1 ? this.#style.cell : 'wide');
  }

  /** A command in the middle of a two-byte character: its first half cannot be shown. */
  #breakOff(): void {
    this.#pending = [];
    this.#character('\ufffd', 'wide');
  }

  #character(character: string, cell: 'wide' | 'A' | 'B'): void {
    const { areaWidth } = this.#placement();
    if (this.#line.addCharacter(character, cell, this.#style, areaWidth)) return;
    this.#print();
    this.#line.addCharacter(character, cell, this.#style, areaWidth);
  }

  #placement(): Placement {
    const left = Math.min(this.#style.leftMargin, this.#widthDots - 1);
    const areaWidth = Math.min(this.#style.areaWidth ?? this.#widthDots, this.#widthDots - left);
    return { left, areaWidth: Math.max(1, areaWidth), align: this.#style.align };
  }

  #print(spacing = this.#style.lineSpacing): void {
    this.#events.printed(this.#line.take(this.#placement(), spacing, this.#style.upsideDown));
  }

  #printIfBegun(): void {
    if (!this.#line.isEmpty) this.#print();
  }

  #feed(dots: number): void {
    if (dots > 0) this.#events.printed({ kind: 'feed', dots, lines: Math.floor(dots / this.#style.lineSpacing) || 0 });
  }

  #feedLines(lines: number): void {
    const begun = !this.#line.isEmpty;
    this.#printIfBegun();
    const blank = Math.max(0, begun ? lines - 1 : lines);
    if (blank > 0) this.#events.printed({ kind: 'feed', dots: blank * this.#style.lineSpacing, lines: blank });
  }

  #tab(): void {
    const column = 12 * this.#style.timesWide;
    const next = this.#style.tabs.find((tab) => tab * column > this.#line.x);
    if (next !== undefined && next * column < this.#placement().areaWidth) this.#line.moveTo(next * column);
  }

  #cutBy(mode: number, feedDots: number): void {
    const partial = [1, 49, 66, 104].includes(mode);
    // 65, 66 feed to the cutter and by n dots more; 97, 98 only set a position; 103, 104 come back to the start.
    if (mode === 97 || mode === 98) return;
    if (![0, 48, 1, 49, 65, 66, 103, 104].includes(mode)) return this.#events.unknown(`GS V ${mode}`);
    this.#cut(partial, mode === 65 || mode === 66 ? feedDots : 0);
  }

  #cut(partial: boolean, feedDots: number): void {
    this.#printIfBegun();
    if (feedDots > 0) this.#events.printed({ kind: 'feed', dots: feedDots, lines: 0 });
    this.#events.printed({ kind: 'cut', partial });
  }

  #bitImage(bytes: Uint8Array): void {
    const [mode = 0, low = 0, high = 0] = bytes;
    const columnBytes = mode >= 32 ? 3 : 1;
    const dots = dotsFromColumns(low + high * 256, columnBytes, bytes.subarray(3));
    // Single density is half as fine across; eight-dot modes are a third as fine downwards.
    this.#line.addBits(enlarge(dots, mode === 0 || mode === 32 ? 2 : 1, columnBytes === 1 ? 3 : 1), this.#style.turned);
  }

  #raster(bytes: Uint8Array): void {
    const [, mode = 0, xLow = 0, xHigh = 0, yLow = 0, yHigh = 0] = bytes;
    const rowBytes = xLow + xHigh * 256;
    const dots = dotsFromRows(rowBytes, yLow + yHigh * 256, bytes.subarray(6));
    this.#printIfBegun();
    this.#events.printed({
      kind: 'raster',
      dots: enlarge(dots, mode & 1 ? 2 : 1, mode & 2 ? 2 : 1),
      ...this.#placement(),
    });
  }

  #barcode(bytes: Uint8Array): void {
    const [kind = 0] = bytes;
    const symbology = BARCODES[kind];
    if (symbology === undefined) return this.#events.unknown(`GS k ${kind}`);
    const data = kind <= 6 ? bytes.subarray(1, -1) : bytes.subarray(2);
    this.#printIfBegun();
    this.#events.printed({
      kind: 'barcode',
      data: Buffer.from(data).toString('latin1'),
      symbology,
      height: this.#style.barcodeHeight,
      text: this.#style.barcodeText,
      ...this.#placement(),
    });
  }

  #group(letter: string, bytes: Uint8Array): void {
    if (letter === 'k') return this.#finish(qrFunction(this.#qr, bytes), () => this.#printQr());
    if (letter === 'L')
      return this.#finish(graphicsFunction(this.#graphics, bytes.subarray(3)), () => this.#printGraphics());
    // H pL pH fn m d1 d2 d3 d4
    if (letter === 'H' && bytes[3] === 48) return this.#events.asked({ kind: 'process', id: bytes.slice(5, 9) });
    this.#events.unknown(`GS ( ${letter}${letter === 'H' ? ` fn ${bytes[3] ?? '-'}` : ''}`);
  }

  #finish(result: BlockResult, print: () => void): void {
    if (result === 'print') print();
    else if (result !== 'done') this.#events.unknown(result.unknown);
  }

  #printQr(): void {
    const { data, moduleDots, level } = this.#qr;
    // Nothing stored, nothing printed: that is what a wrong length field before it looks like.
    if (!data || data.length === 0) return;
    this.#printIfBegun();
    const dots = qrDots(data, level, moduleDots);
    const placement = this.#placement();
    // Printers print no symbol that they cannot print whole.
    if (!dots) return this.#events.unknown(`QR of ${data.length} bytes does not fit in a symbol`);
    if (dots.width > placement.areaWidth)
      return this.#events.unknown(`QR of ${dots.width} dots is wider than the paper`);
    this.#events.printed({ kind: 'qr', data, dots, ...placement });
  }

  #printGraphics(): void {
    const { dots } = this.#graphics;
    this.#graphics = { dots: undefined };
    if (!dots) return;
    this.#printIfBegun();
    this.#events.printed({ kind: 'raster', dots, ...this.#placement() });
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
