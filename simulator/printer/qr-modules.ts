/** The symbol for stored data, at its dot size and without a quiet zone: paper gives that, or it does not. */
import QRCode from 'qrcode';
import { blankDots, enlarge, type Dots } from './dots.js';

/** @returns `undefined` where the data fit in no symbol. */
export function qrDots(data: Uint8Array, level: 'L' | 'M' | 'Q' | 'H', moduleDots: number): Dots | undefined {
  let modules: { readonly size: number; get(row: number, column: number): number | boolean };
  try {
    // ASCII may be packed closer (digits, capitals), as printers do; all else goes byte by byte.
    const ascii = data.every((byte) => byte < 0x80);
    const segments = ascii ? Buffer.from(data).toString('latin1') : [{ data, mode: 'byte' as const }];
    modules = QRCode.create(segments, { errorCorrectionLevel: level }).modules;
  } catch {
    return undefined;
  }
  const dots = blankDots(modules.size, modules.size);
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++)
      if (modules.get(row, column)) dots.data[row * modules.size + column] = 1;
  return enlarge(dots, moduleDots, moduleDots);
}
