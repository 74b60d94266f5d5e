/** How large a QR code is drawn, and its picture for printers that cannot draw one. */
import { create, type QRCode, type QRCodeSegment } from 'qrcode';
import type { PrinterProfile } from '../profiles/printer-profile.js';

/** Modules of white that a reader needs on each side (ISO/IEC 18004, 9.1). */
export const QUIET_ZONE_MODULES = 4;
/** Smaller modules are not read reliably from thermal paper: 2 dots are 0.25 mm. */
const LEAST_MODULE_DOTS = 2;

type QrPaper = Pick<PrinterProfile, 'dotsPerLine' | 'qr' | 'qrLevel' | 'qrModuleDots'>;

/** Dots of a module, so that the symbol with its quiet zone fits across the paper; `undefined` when it does not. */
export function qrModuleDots(text: string, paper: QrPaper): number | undefined {
  const symbol = symbolOf(text, paper);
  if (!symbol) return undefined;
  const fitting = Math.floor(paper.dotsPerLine / (symbol.modules.size + 2 * QUIET_ZONE_MODULES));
  const dots = Math.min(fitting, paper.qrModuleDots);
  return dots < LEAST_MODULE_DOTS ? undefined : dots;
}

export interface Raster {
  /** 1: a bit is a dot; 2: a bit is two by two dots, a quarter of the bytes. */
  readonly scale: 1 | 2;
  readonly rowBytes: number;
  readonly rows: number;
  /** Row after row, the left-most dot in the highest bit, 1 is black. */
  readonly bits: Uint8Array;
}

/** The symbol without its quiet zone, or `undefined` when it does not fit. */
export function qrRaster(text: string, paper: QrPaper): Raster | undefined {
  const symbol = symbolOf(text, paper);
  const moduleDots = qrModuleDots(text, paper);
  if (!symbol || moduleDots === undefined) return undefined;
  const { size, data } = symbol.modules;
  const scale = moduleDots % 2 === 0 ? 2 : 1;
  const pixels = moduleDots / scale;
  const rowBytes = Math.ceil((size * pixels) / 8);
  const bits = new Uint8Array(rowBytes * size * pixels);
  for (let y = 0; y < size * pixels; y += 1) {
    for (let x = 0; x < size * pixels; x += 1) {
      const dark = data[Math.floor(y / pixels) * size + Math.floor(x / pixels)];
      if (!dark) continue;
      const at = y * rowBytes + (x >> 3);
      bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return { scale, rowBytes, rows: size * pixels, bits };
}

function symbolOf(text: string, { qr, qrLevel }: QrPaper): QRCode | undefined {
  // A printer may know the byte mode only, so its symbol is reckoned as large as that needs; ours packs better.
  const content: string | QRCodeSegment[] = qr === 'raster' ? text : [{ mode: 'byte', data: Buffer.from(text) }];
  try {
    return create(content, { errorCorrectionLevel: qrLevel });
  } catch {
    // Empty, or longer than version 40 holds: the two things that it throws for.
    return undefined;
  }
}
