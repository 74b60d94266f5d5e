/**
 * Tells a barcode scanner from a hand: it types a whole number faster than fingers can and ends it with Enter.
 * So a scan is taken wherever the focus stands, and its Enter presses no button. Pure.
 */

/** Hands that know their keyboard stay above this; scanners type every 1–30 ms. */
const SCANNER_GAP_MS = 60;
/** Most gaps of a scan are that short; a busy computer may stretch some. */
const SCANNER_SHARE = 0.7;
/** After so long it is another word: a hand that reaches for its scanner takes longer, a busy computer less. */
const WORD_GAP_MS = 400;
/** Shorter ones could be a hand's, and are left to the field they are typed in. */
const SHORTEST_SCAN = 6;
/** Where nothing but a badge is expected, shorter ones are badges. */
export const SHORTEST_BADGE = 4;

export class ScanReader {
  #typed = '';
  #quickGaps = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  /**
   * @param key as `KeyboardEvent.key` has it.
   * @param shortest what is shorter is no scan.
   * @returns what was scanned when this key ends a scan, else `null`.
   */
  key(key: string, atMs: number, shortest = SHORTEST_SCAN): string | null {
    // Shift comes with a capital letter and is no key of its own.
    if (key === 'Shift') return null;
    const gapMs = atMs - this.#lastMs;
    this.#lastMs = atMs;
    if (gapMs > WORD_GAP_MS) this.#begin();
    if (gapMs <= SCANNER_GAP_MS) this.#quickGaps += 1;
    if (key === 'Enter') {
      const scanned = this.#typed.trim();
      // As many gaps as characters: the last is before Enter.
      const quick = this.#quickGaps >= SCANNER_SHARE * [...this.#typed].length;
      this.#begin();
      return quick && scanned.length >= shortest ? scanned : null;
    }
    if ([...key].length === 1) this.#typed += key;
    else this.#begin();
    return null;
  }

  #begin(): void {
    this.#typed = '';
    this.#quickGaps = 0;
  }
}
