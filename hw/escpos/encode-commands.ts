/**
 * Commands → bytes, by @node-escpos/core for text, alignment, size and cut.
 *
 * Ours, because the package cannot or is longer: FS & (it never sends it, and without it Chinese is Latin noise), the
 * QR code (its commands are malformed), the raster (it draws image files only), bold (its `style` sends italic and
 * underline with it), the position, and long feeds.
 * Source of the bytes: Epson, ESC/POS Command Reference.
 */
import type { PrinterProfile } from '../profiles/printer-profile.js';
import type { PrintCommand } from './slip-commands.js';

export type EncodeCommands = (commands: readonly PrintCommand[], encoding: PrinterProfile['encoding']) => Buffer;

/** Loaded on demand: a terminal without a printer needs neither the package nor what it brings along. */
export async function loadEncoder(): Promise<EncodeCommands> {
  const { Printer, command } = await import('@node-escpos/core');
  const { TXT_BOLD_ON, TXT_BOLD_OFF } = command.TEXT_FORMAT;
  const ALIGN = { left: 'lt', center: 'ct', right: 'rt' } as const;

  return (commands, encoding) => {
    const parts: Buffer[] = [];
    const printer = new Printer({ write: (bytes) => void parts.push(bytes) }, { encoding });
    for (const item of commands) {
      switch (item.op) {
        case 'initialise':
          printer.hardware('init');
          break;
        case 'kanji':
          printer.print(KANJI_MODE);
          break;
        case 'align':
          printer.align(ALIGN[item.align]);
          break;
        case 'size':
          printer.size(item.size, item.size);
          break;
        case 'bold':
          printer.print(item.bold ? TXT_BOLD_ON : TXT_BOLD_OFF);
          break;
        case 'text':
          if (item.ends) printer.text(item.text);
          else printer.pureText(item.text);
          break;
        case 'position':
          printer.print(Buffer.from([ESC, 0x24, ...word(item.dots)]));
          break;
        case 'qr':
          printer.print(qrBytes(item));
          break;
        case 'raster':
          printer.print(rasterBytes(item));
          break;
        case 'feed':
          if (item.lines <= FEED_BYTES) printer.feed(item.lines);
          else printer.print(feedBytes(item.lines));
          break;
        case 'cut':
          printer.cut(item.cut === 'partial', 0);
          break;
      }
    }
    // The sink has the bytes when flush returns; what it promises is only that sink's answer.
    void printer.flush();
    return Buffer.concat(parts);
  };
}

const ESC = 0x1b;
const GS = 0x1d;
/** FS &: from here on a byte above 0x80 begins a Chinese character. */
const KANJI_MODE = Buffer.from([0x1c, 0x26]);
/** ESC d n has so many bytes. */
const FEED_BYTES = 3;

function word(value: number): [number, number] {
  return [value & 0xff, value >> 8];
}

/** ESC d n feeds up to 255 lines. */
function feedBytes(lines: number): Buffer {
  const feeds: number[] = [];
  for (let left = lines; left > 0; left -= 255) feeds.push(ESC, 0x64, Math.min(255, left));
  return Buffer.from(feeds);
}

const QR_LEVELS = { L: 48, M: 49, Q: 50, H: 51 } as const;

/** GS ( k, cn = 49: model 2 (fn 165), module size (167), error correction (169), store (180), print (181). */
function qrBytes({ text, moduleDots, level }: Extract<PrintCommand, { op: 'qr' }>): Buffer {
  return Buffer.concat([
    symbolCommand(65, 50, 0),
    symbolCommand(67, moduleDots),
    symbolCommand(69, QR_LEVELS[level]),
    symbolCommand(80, 48, ...Buffer.from(text)),
    symbolCommand(81, 48),
  ]);
}

/** pL pH count what follows them: cn, fn and the parameters. */
function symbolCommand(fn: number, ...parameters: number[]): Buffer {
  return Buffer.from([GS, 0x28, 0x6b, ...word(parameters.length + 2), 49, fn, ...parameters]);
}

/** GS v 0 m xL xH yL yH: x counts bytes, y rows; m = 3 doubles both ways. */
function rasterBytes({ raster }: Extract<PrintCommand, { op: 'raster' }>): Buffer {
  const head = [GS, 0x76, 0x30, raster.scale === 2 ? 3 : 0, ...word(raster.rowBytes), ...word(raster.rows)];
  return Buffer.concat([Buffer.from(head), withoutCommands(raster.bits)]);
}

const DLE = 0x10;
/** EOT, ENQ and DC4: what follows DLE in a command that a printer obeys wherever it stands, even within a picture. */
const REAL_TIME: ReadonlySet<number> = new Set([0x04, 0x05, 0x14]);

/** The same picture but for one dot more wherever it would otherwise ask for the status, or open the drawer. */
function withoutCommands(bits: Uint8Array): Uint8Array {
  const safe = Uint8Array.from(bits);
  for (let at = 0; at + 1 < safe.length; at += 1) {
    if (safe[at] === DLE && REAL_TIME.has(safe[at + 1] ?? 0)) safe[at] = DLE | 0x08;
  }
  return safe;
}
