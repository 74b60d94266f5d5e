/** The part of firmata-io 2.3 that is used here (the package has no types of its own). */
declare module 'firmata-io' {
  import type { EventEmitter } from 'node:events';

  interface FirmataTransport extends EventEmitter {
    write(bytes: Buffer, written: () => void): void;
  }

  interface FirmataPin {
    readonly supportedModes: readonly number[];
    mode: number | undefined;
  }

  /** Emits `ready`, `reportversion`, `queryfirmware` and `digital-read` ({ pin, value }). */
  class Firmata extends EventEmitter {
    constructor(transport: FirmataTransport, options?: { reportVersionTimeout?: number });
    readonly isReady: boolean;
    readonly versionReceived: boolean;
    readonly firmware: { readonly name?: string };
    readonly pins: readonly FirmataPin[];
    readonly reportVersionTimeoutId: NodeJS.Timeout;
    pinMode(pin: number, mode: number): void;
    digitalWrite(pin: number, value: 0 | 1): void;
    reportDigitalPin(pin: number, on: 0 | 1): void;
  }

  const firmataIo: { readonly Firmata: typeof Firmata };
  export default firmataIo;
  export type { Firmata, FirmataTransport };
}
