/**
 * DLE EOT n, found as it arrives: printers look for it in all that they receive, wherever it stands, so that one that
 * is out of paper still answers. (So does a picture that happens to contain it: drivers have to mind that.)
 */
const DLE = 0x10;
const EOT = 0x04;

export class RealTimeWatch {
  #seen: 0 | 1 | 2 = 0;

  /** @returns every n that was asked for, in order. */
  find(bytes: Uint8Array): number[] {
    const found: number[] = [];
    for (const byte of bytes) {
      if (this.#seen === 2) {
        this.#seen = byte === DLE ? 1 : 0;
        if (byte >= 1 && byte <= 4) found.push(byte);
      } else if (byte === DLE) this.#seen = 1;
      else this.#seen = this.#seen === 1 && byte === EOT ? 2 : 0;
    }
    return found;
  }
}
