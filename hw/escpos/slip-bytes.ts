/** Slip → layout → commands → bytes, for one printer profile. */
import type { Slip } from '../ports/receipt-printer.js';
import type { PrinterProfile } from '../profiles/printer-profile.js';
import { foreignToPrinter, layoutSlip, type SlipLayout, type SlipRow } from '../slip/layout-slip.js';
import type { Glyphs } from '../slip/printable-text.js';
import type { EncodeCommands } from './encode-commands.js';
import { qrModuleDots, type Raster } from './qr-symbol.js';
import { rowPictures } from './row-picture.js';
import { slipCommands } from './slip-commands.js';
import type { TextDrawer } from './text-drawer.js';

/** Length fields and all commands of a fixed length. */
const LEAST_COMMAND_BYTES = 64;

export interface SlipBytes {
  readonly bytes: Buffer;
  /** The most that a printer may wait for when it is cut off: the data of the longest command. */
  readonly longestCommandBytes: number;
  /** As in `SlipLayout`. */
  readonly unprintable: readonly string[];
}

/** The layout of a slip on the paper of a profile. @param drawn graphemes that a picture can show, with their columns. */
export function layoutFor(slip: Slip, profile: PrinterProfile, drawn: Glyphs['drawn'] = new Map()): SlipLayout {
  return layoutSlip(slip, {
    columns: profile.columns,
    qrFits: (text) => qrModuleDots(text, profile) !== undefined,
    glyphs: { own: profile.font, drawn },
  });
}

/** In the printer's own characters only; what it has none for is 〓. */
export function slipBytes(slip: Slip, profile: PrinterProfile, encode: EncodeCommands): SlipBytes {
  return encodeLayout(layoutFor(slip, profile), profile, encode, new Map());
}

/**
 * The same with rows drawn where they need it. Where nothing can be drawn it is as above: a slip never fails for it.
 * @param drawer asked for only when a slip needs it.
 */
export async function drawnSlipBytes(
  slip: Slip,
  profile: PrinterProfile,
  encode: EncodeCommands,
  drawer: () => Promise<TextDrawer>,
): Promise<SlipBytes> {
  const foreign = foreignToPrinter(slip, profile.font);
  if (foreign.length === 0) return slipBytes(slip, profile, encode);
  try {
    const drawing = await drawer();
    const widths = await drawing.widths(foreign);
    const columnDots = profile.dotsPerLine / profile.columns;
    const drawn = new Map([...widths].map(([grapheme, dots]) => [grapheme, dots / columnDots]));
    const layout = layoutFor(slip, profile, drawn);
    return encodeLayout(layout, profile, encode, await rowPictures(layout.rows, profile, drawing));
  } catch {
    return slipBytes(slip, profile, encode);
  }
}

function encodeLayout(
  layout: SlipLayout,
  profile: PrinterProfile,
  encode: EncodeCommands,
  pictures: ReadonlyMap<SlipRow, Raster>,
): SlipBytes {
  const commands = slipCommands(layout, profile, pictures);
  const longestCommandBytes = commands.reduce(
    (most, command) =>
      Math.max(
        most,
        command.op === 'raster'
          ? command.raster.bits.length
          : command.op === 'qr'
            ? Buffer.byteLength(command.text)
            : 0,
      ),
    LEAST_COMMAND_BYTES,
  );
  return { bytes: encode(commands, profile.encoding), longestCommandBytes, unprintable: layout.unprintable };
}
