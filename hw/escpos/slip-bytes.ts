/** Slip → layout → commands → bytes, for one printer profile. */
import type { Slip } from '../ports/receipt-printer.js';
import type { PrinterProfile } from '../profiles/printer-profile.js';
import { layoutSlip, type SlipLayout } from '../slip/layout-slip.js';
import type { EncodeCommands } from './encode-commands.js';
import { qrModuleDots } from './qr-symbol.js';
import { slipCommands } from './slip-commands.js';

export interface SlipBytes {
  readonly bytes: Buffer;
  /** As in `SlipLayout`. */
  readonly unprintable: readonly string[];
}

/** The layout of a slip on the paper of a profile. */
export function layoutFor(slip: Slip, profile: PrinterProfile): SlipLayout {
  return layoutSlip(slip, {
    columns: profile.columns,
    qrFits: (text) => qrModuleDots(text, profile) !== undefined,
  });
}

export function slipBytes(slip: Slip, profile: PrinterProfile, encode: EncodeCommands): SlipBytes {
  const layout = layoutFor(slip, profile);
  return { bytes: encode(slipCommands(layout, profile), profile.encoding), unprintable: layout.unprintable };
}
