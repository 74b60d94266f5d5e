/**
 * Lets only whole, well-formed Firmata 2.x messages pass from the board to firmata-io.
 *
 * firmata-io takes any bytes behind a status byte for a message, throws on short or long sysex and collects a
 * sysex without end. A wire with noise on it must neither press a key nor grow the memory.
 * Source: https://github.com/firmata/protocol/blob/master/protocol.md
 */

const START_SYSEX = 0xf0;
const END_SYSEX = 0xf7;
const REPORT_VERSION = 0xf9;
const FIRMWARE_REPORT = 0x79;
const CAPABILITY_RESPONSE = 0x6c;
const ANALOG_MAPPING_RESPONSE = 0x6a;

/** The sysex messages that are waited for, and their least length; any other well-formed one is dropped. */
const LEAST_SYSEX_BYTES: ReadonlyMap<number, number> = new Map([
  [FIRMWARE_REPORT, 5],
  [CAPABILITY_RESPONSE, 4],
  [ANALOG_MAPPING_RESPONSE, 4],
]);

/** A capability response of the largest board (128 pins) fits well within. */
export const MOST_SYSEX_BYTES = 4_096;

export interface GatePassage {
  readonly messages: readonly Uint8Array[];
  /** How often the bytes were not of the protocol's form. */
  readonly faults: number;
}

export class MessageGate {
  #open: number[] = [];

  /** How many bytes of half a message wait for the rest; `MOST_SYSEX_BYTES` at most. */
  get waiting(): number {
    return this.#open.length;
  }

  /** Takes the next bytes; answers the messages that became whole. Half a message waits for the rest. */
  push(bytes: Uint8Array): GatePassage {
    const messages: Uint8Array[] = [];
    let faults = 0;
    for (const byte of bytes) {
      const first = this.#open[0];
      if (first === START_SYSEX && byte === END_SYSEX) {
        const message = Uint8Array.from([...this.#open, byte]);
        this.#open = [];
        const least = LEAST_SYSEX_BYTES.get(message[1] ?? -1);
        if (message.length < (least ?? 3)) faults += 1;
        else if (least !== undefined) messages.push(message);
      } else if (byte >= 0x80) {
        if (first !== undefined || !startsMessage(byte)) faults += 1;
        this.#open = startsMessage(byte) ? [byte] : [];
      } else if (first === undefined) {
        faults += 1;
      } else {
        this.#open.push(byte);
        if (first !== START_SYSEX && this.#open.length === 3) {
          messages.push(Uint8Array.from(this.#open));
          this.#open = [];
        } else if (this.#open.length >= MOST_SYSEX_BYTES) {
          faults += 1;
          this.#open = [];
        }
      }
    }
    return { messages, faults };
  }
}

/** Digital port, analog pin, version, sysex: what a board may send. */
function startsMessage(byte: number): boolean {
  const kind = byte & 0xf0;
  return kind === 0x90 || kind === 0xe0 || byte === REPORT_VERSION || byte === START_SYSEX;
}
