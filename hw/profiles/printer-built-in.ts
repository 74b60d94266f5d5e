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

export const BUILT_IN_PRINTER_PROFILES: readonly PrinterProfileInput[] = [
  ESCPOS_58,
  {
    name: 'escpos-80',
    description: 'ESC/POS, 80 mm paper, 203 dpi, answers DLE EOT and GS r',
    columns: 48,
    dotsPerLine: 576,
    cutter: 'partial',
  },
  {
    ...ESCPOS_58,
    name: 'escpos-58-mute',
    description: 'ESC/POS, 58 mm paper, answers nothing: what became of a slip is never known',
    status: { realTime: false, confirm: 'none' },
  },
];

/**
 * The printer profile that a configuration names: a name of the list above, or the path of a YAML or JSON file.
 * @throws ProfileError with every fault.
 */
export function loadPrinterProfile(nameOrFile: string): PrinterProfile {
  return loadProfile(printerProfileSchema, BUILT_IN_PRINTER_PROFILES, nameOrFile, 'printer');
}
