/** The states of a printer, and the bytes in which it tells them (Epson's reference: DLE EOT, GS a, GS r). Pure. */

export interface PrinterState {
  readonly paper: 'ok' | 'near-end' | 'out';
  readonly cover: 'closed' | 'open';
  readonly cutter: 'ok' | 'error';
  /** Switched on line at its panel. */
  readonly online: boolean;
}

export const READY: PrinterState = { paper: 'ok', cover: 'closed', cutter: 'ok', online: true };

/** Whether it prints; otherwise it is off line and holds what it has. */
export function canPrint({ paper, cover, cutter, online }: PrinterState): boolean {
  return paper !== 'out' && cover === 'closed' && cutter === 'ok' && online;
}

/** Bits 1 and 4 are fixed at 1, bits 0 and 7 at 0. */
const FIXED = 0b0001_0010;

const bit = (number: number, on: boolean) => (on ? 1 << number : 0);

/** The answer to DLE EOT n; `undefined` for an n that has none here. */
export function realTimeStatus(n: number, state: PrinterState): number | undefined {
  const { paper, cover, cutter } = state;
  switch (n) {
    case 1: // printer: drawer pin (2), off line (3)
      return FIXED | bit(3, !canPrint(state));
    case 2: // cause of being off line: cover (2), printing stopped by paper end (5), error (6)
      return FIXED | bit(2, cover === 'open') | bit(5, paper === 'out') | bit(6, cutter === 'error');
    case 3: // cause of the error: cutter (3), unrecoverable (5), recovers by itself (6)
      return FIXED | bit(3, cutter === 'error');
    case 4: // paper sensors: near end (2, 3), end (5, 6)
      return FIXED | (paper === 'ok' ? 0 : 0b0000_1100) | (paper === 'out' ? 0b0110_0000 : 0);
    default:
      return undefined;
  }
}

/** The four bytes of automatic status back (GS a). */
export function automaticStatus(state: PrinterState): Uint8Array {
  const { paper, cover, cutter } = state;
  return Uint8Array.of(
    0b0001_0000 | bit(3, !canPrint(state)) | bit(5, cover === 'open'),
    bit(3, cutter === 'error'),
    (paper === 'ok' ? 0 : 0b0000_0011) | (paper === 'out' ? 0b0000_1100 : 0),
    0,
  );
}

/** The answer to GS r n; `undefined` for an n that has none. */
export function requestedStatus(n: number, { paper }: PrinterState): number | undefined {
  if (n === 1 || n === 49) return (paper === 'ok' ? 0 : 0b0000_0011) | (paper === 'out' ? 0b0000_1100 : 0);
  if (n === 2 || n === 50) return 0;
  return undefined;
}

/** The answer to GS I n: it names itself as a simulator. */
export function identity(n: number): Uint8Array | undefined {
  const MODEL = 0x20;
  /** Two-byte characters (bit 0), a cutter (bit 1). */
  const TYPE = 0b0000_0011;
  if (n === 1 || n === 49) return Uint8Array.of(MODEL);
  if (n === 2 || n === 50) return Uint8Array.of(TYPE);
  if (n === 3 || n === 51) return Uint8Array.of(1);
  const text = { 65: '1.0', 66: 'PJQ', 67: 'VIRTUAL', 68: 'SIMULATED', 69: 'CHINA GB18030' }[n];
  return text === undefined ? undefined : Buffer.from(`_${text}\0`, 'latin1');
}
