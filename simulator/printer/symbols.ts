/** What GS ( k and GS ( L keep between their functions: the symbol that is set up, and the graphics that are stored. */
import { dotsFromRows, enlarge, type Dots } from './dots.js';

export interface QrSetup {
  moduleDots: number;
  level: 'L' | 'M' | 'Q' | 'H';
  data: Uint8Array | undefined;
}

export const newQrSetup = (): QrSetup => ({ moduleDots: 3, level: 'L', data: undefined });

/** `print`: print what is stored; `done`: kept or ignored; else what was not understood. */
export type BlockResult = 'print' | 'done' | { readonly unknown: string };

const QR = 49;
const MODEL_2 = 50;

/** One GS ( k: `bytes` are k pL pH cn fn and the parameters. */
export function qrFunction(setup: QrSetup, bytes: Uint8Array): BlockResult {
  const [, , , cn, fn, first] = bytes;
  if (cn !== QR) return { unknown: `GS ( k cn ${cn ?? '-'}` };
  switch (fn) {
    case 65: // model
      return first === MODEL_2 ? 'done' : { unknown: `GS ( k fn 65 model ${first ?? '-'}` };
    case 67:
      if (first !== undefined && first >= 1 && first <= 16) setup.moduleDots = first;
      return 'done';
    case 69:
      setup.level = ({ 48: 'L', 49: 'M', 50: 'Q', 51: 'H' } as const)[first ?? 0] ?? setup.level;
      return 'done';
    case 80:
      setup.data = bytes.slice(6);
      return 'done';
    case 81:
      return 'print';
    default:
      return { unknown: `GS ( k fn ${fn ?? '-'}` };
  }
}

export interface StoredGraphics {
  dots: Dots | undefined;
}

/** One GS ( L or GS 8 L: `bytes` are m fn and the parameters. */
export function graphicsFunction(stored: StoredGraphics, bytes: Uint8Array): BlockResult {
  const [, fn, tone, timesWide = 1, timesHigh = 1, , xLow = 0, xHigh = 0, yLow = 0, yHigh = 0] = bytes;
  switch (fn) {
    case 112: {
      if (tone !== 48) return { unknown: `GS ( L fn 112 tone ${tone ?? '-'}` };
      const width = xLow + xHigh * 256;
      const height = yLow + yHigh * 256;
      const dots = dotsFromRows(Math.ceil(width / 8), height, bytes.subarray(10), width);
      stored.dots = enlarge(dots, Math.max(1, timesWide), Math.max(1, timesHigh));
      return 'done';
    }
    case 2:
    case 50:
      return 'print';
    case 0:
    case 1:
    case 48:
    case 49: // resolution
      return 'done';
    default:
      return { unknown: `GS ( L fn ${fn ?? '-'}` };
  }
}
