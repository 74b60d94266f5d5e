/** What a byte is in single-byte mode, by the number of ESC t (table of Epson's reference). */
import { TextDecoder } from 'node:util';

const PC437_UPPER =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const OTHER_PAGES: Readonly<Record<number, string>> = {
  15: 'iso-8859-7',
  16: 'windows-1252',
  17: 'ibm866',
  39: 'iso-8859-2',
  40: 'iso-8859-15',
  45: 'windows-1250',
  46: 'windows-1251',
  47: 'windows-1253',
  48: 'windows-1254',
  49: 'windows-1255',
  50: 'windows-1256',
  51: 'windows-1257',
  52: 'windows-1258',
};

export const PC437 = 0;

/** Whether a page is known; an unknown one prints as page 437. */
export function hasCodePage(page: number): boolean {
  return page === PC437 || page in OTHER_PAGES;
}

export function decodeByte(byte: number, page: number): string {
  if (byte < 0x80) return String.fromCharCode(byte);
  const other = OTHER_PAGES[page];
  if (other !== undefined) return new TextDecoder(other).decode(Uint8Array.of(byte));
  return PC437_UPPER[byte - 0x80] ?? '\ufffd';
}

/** How many bytes the character takes of which these are the first; `undefined` while a second byte is needed to tell. */
export function gb18030Length(first: number, second: number | undefined): number | undefined {
  if (first < 0x81 || first === 0xff) return 1;
  if (second === undefined) return undefined;
  return second >= 0x30 && second <= 0x39 ? 4 : 2;
}

export function decodeGb18030(bytes: Uint8Array): string {
  return new TextDecoder('gb18030').decode(bytes);
}
