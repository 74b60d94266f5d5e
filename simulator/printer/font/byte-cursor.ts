/** Big-endian numbers read one after the other, with the variable-length ones of WOFF2. */
export class ByteCursor {
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  seek(at: number): void {
    this.at = at;
  }

  skip(bytes: number): void {
    this.at += bytes;
  }

  u8(): number {
    return this.#view.getUint8(this.at++);
  }

  u16(): number {
    const value = this.#view.getUint16(this.at);
    this.at += 2;
    return value;
  }

  i16(): number {
    const value = this.#view.getInt16(this.at);
    this.at += 2;
    return value;
  }

  i8(): number {
    return this.#view.getInt8(this.at++);
  }

  u32(): number {
    const value = this.#view.getUint32(this.at);
    this.at += 4;
    return value;
  }

  tag(): string {
    return String.fromCharCode(this.u8(), this.u8(), this.u8(), this.u8());
  }

  /** WOFF2 §3.1, UIntBase128. */
  base128(): number {
    let value = 0;
    for (;;) {
      const byte = this.u8();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  }

  /** WOFF2 §3.2, 255UInt16. */
  short255(): number {
    const code = this.u8();
    if (code === 253) return this.u16();
    if (code === 254) return this.u8() + 506;
    if (code === 255) return this.u8() + 253;
    return code;
  }
}
