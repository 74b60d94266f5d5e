/** The printer profiles that come with the program, and how a configuration names one. */
import { printerProfileSchema, type PrinterProfile, type PrinterProfileInput } from './printer-profile.js';
import { loadProfile } from './profile-document.js';

const ESCPOS_58 = {
  name: 'escpos-58',
  description: 'ESC/POS, 58 mm paper, 203 dpi, answers DLE EOT and GS r',
  columns: 32,
  dotsPerLine: 384,
  cutter: 'full',
} as const satisfies PrinterProfileInput;

const ESCPOS_80 = {
  name: 'escpos-80',
  description: 'ESC/POS, 80 mm paper, 203 dpi, answers DLE EOT and GS r',
  columns: 48,
  dotsPerLine: 576,
  cutter: 'partial',
} as const satisfies PrinterProfileInput;

export const BUILT_IN_PRINTER_PROFILES: readonly PrinterProfileInput[] = [
  ESCPOS_58,
  ESCPOS_80,
  {
    ...ESCPOS_58,
    name: 'escpos-58-mute',
    description: 'ESC/POS, 58 mm paper, answers nothing: what became of a slip is never known',
    status: { realTime: false, confirm: 'none' },
  },
  {
    ...ESCPOS_58,
    name: 'escpos-58-serial',
    description: 'ESC/POS, 58 mm paper, on a serial line of 19,200 baud with XON/XOFF, tear bar instead of a cutter',
    cutter: 'none',
    feedBeforeCut: 4,
    serial: { baud: 19_200, flow: 'xon-xoff' },
  },
  {
    ...ESCPOS_80,
    name: 'escpos-80-asb',
    description: 'ESC/POS, 80 mm paper, answers DLE EOT and GS r and tells changes by itself (GS a)',
    status: { automatic: true },
  },
  {
    ...ESCPOS_58,
    name: 'escpos-58-raster',
    description: 'ESC/POS, 58 mm paper, no Chinese characters in its ROM and no QR command: both are sent as pictures',
    font: 'ascii',
    qr: 'raster',
  },
];

/**
 * The printer profile that a configuration names: a name of the list above, or the path of a YAML or JSON file.
 * @throws ProfileError with every fault.
 */
export function loadPrinterProfile(nameOrFile: string): PrinterProfile {
  return loadProfile(printerProfileSchema, BUILT_IN_PRINTER_PROFILES, nameOrFile, 'printer');
}
