/**
 * One connection to a board, from its opening to its end: handshake, readings, writes, and the probe that
 * finds out that nobody answers any more. It is never used twice; the next connection is a new one.
 */
import { EventEmitter } from 'node:events';
import firmataIo, { type Firmata } from 'firmata-io';
import { openByteLink, type LinkAddress, type ByteLink } from '../link/byte-link.js';
import { MessageGate } from './message-gate.js';

export interface SessionTimings {
  /** While the board is silent it is asked again this often, ms (firmata-io itself asks once). */
  readonly handshakeRetryMs: number;
  /** A board that has not told its pins after this is given up, ms. */
  readonly handshakeTimeoutMs: number;
  /** How often the version is asked for, ms. */
  readonly probeMs: number;
  /** So many questions in a row without an answer are a lost board. */
  readonly probeMisses: number;
}

export const DEFAULT_SESSION_TIMINGS: SessionTimings = {
  handshakeRetryMs: 500,
  handshakeTimeoutMs: 10_000,
  probeMs: 2_000,
  probeMisses: 3,
};

export interface SessionEvents {
  /** The pins are known. Before it nothing may be set or read. */
  ready(): void;
  /** The board reported an input pin. */
  read(pin: number, value: 0 | 1): void;
  /** The board announced itself anew: it was reset and has forgotten modes and outputs. */
  restarted(): void;
  /** Bytes came that no board sends. */
  noise(): void;
  /** Once, and the last. */
  ended(reason: string): void;
}

/** The transport that firmata-io sees: whole messages in, bytes out. */
class MessageTransport extends EventEmitter {
  readonly #link: () => ByteLink | undefined;

  constructor(link: () => ByteLink | undefined) {
    super();
    this.#link = link;
  }

  write(bytes: Buffer, written: () => void): void {
    this.#link()?.write(bytes);
    written();
  }
}

/** The answers are told by firmata-io, which waits for them from its beginning. */
const QUESTIONS = {
  version: [0xf9],
  firmware: [0xf0, 0x79, 0xf7],
  capabilities: [0xf0, 0x6b, 0xf7],
  analogMapping: [0xf0, 0x69, 0xf7],
} as const;

/** The pins and what they can do, which is asked for once. */
function isOfHandshake(message: Uint8Array): boolean {
  return message[0] === 0xf0 && (message[1] === 0x6c || message[1] === 0x6a);
}

export class FirmataSession {
  readonly #address: LinkAddress;
  readonly #timings: SessionTimings;
  readonly #events: SessionEvents;
  readonly #gate = new MessageGate();
  readonly #transport = new MessageTransport(() => this.#link);
  #firmata: Firmata | undefined;
  #link: ByteLink | undefined;
  #timer: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #ready = false;
  #ended = false;
  #unanswered = 0;
  #reason: string | undefined;

  constructor(address: LinkAddress, timings: SessionTimings, events: SessionEvents) {
    this.#address = address;
    this.#timings = timings;
    this.#events = events;
  }

  start(): void {
    const firmata = new firmataIo.Firmata(this.#transport);
    // Its own single question after 5 s would outlive a session that ends before; we ask ourselves.
    clearTimeout(firmata.reportVersionTimeoutId);
    firmata.on('error', (error: Error) => this.destroy(error.message));
    firmata.on('reportversion', () => (this.#unanswered = 0));
    firmata.on('queryfirmware', () => this.#ready && this.#events.restarted());
    firmata.on('digital-read', ({ pin, value }: { pin: number; value: 0 | 1 }) => this.#events.read(pin, value));
    firmata.once('ready', () => this.#shakenHands());
    this.#firmata = firmata;
    this.#link = openByteLink(this.#address, {
      opened: () => this.#opened(),
      received: (bytes) => this.#received(bytes),
      closed: (reason) => this.#finish(reason),
    });
  }

  /** Why the board cannot serve, if a pin lacks the mode that it is to have. */
  lack(pin: number, mode: number): string | undefined {
    return this.#firmata?.pins[pin]?.supportedModes.includes(mode) === true
      ? undefined
      : `the board has no pin ${pin} with mode ${mode}`;
  }

  pinMode(pin: number, mode: number): void {
    this.#firmata?.pinMode(pin, mode);
  }

  digitalWrite(pin: number, value: 0 | 1): void {
    this.#firmata?.digitalWrite(pin, value);
  }

  /** Asks for the readings of the pin's port: at once, and whenever they change. */
  report(pin: number): void {
    this.#firmata?.reportDigitalPin(pin, 1);
  }

  /** Sends what was written, then ends the session for a reason of ours; `ended` follows. */
  end(reason: string): void {
    this.#reason ??= reason;
    this.#link?.close();
  }

  /** The same at once. */
  destroy(reason: string): void {
    this.#reason ??= reason;
    this.#link?.destroy();
  }

  #opened(): void {
    this.#transport.emit('open');
    const { handshakeRetryMs, handshakeTimeoutMs } = this.#timings;
    this.#timer = setInterval(() => this.#askForOutstanding(), handshakeRetryMs);
    this.#deadline = setTimeout(() => this.destroy('the board does not answer in Firmata'), handshakeTimeoutMs);
  }

  #askForOutstanding(): void {
    const firmata = this.#firmata;
    if (!firmata) return;
    if (!firmata.versionReceived) this.#ask(QUESTIONS.version);
    if (firmata.firmware.name === undefined) this.#ask(QUESTIONS.firmware);
    else if (firmata.pins.length === 0) this.#ask(QUESTIONS.capabilities);
    else this.#ask(QUESTIONS.analogMapping);
  }

  #shakenHands(): void {
    this.#clearTimers();
    this.#ready = true;
    this.#unanswered = 0;
    this.#timer = setInterval(() => this.#probe(), this.#timings.probeMs);
    this.#events.ready();
  }

  #probe(): void {
    if (this.#unanswered >= this.#timings.probeMisses) return this.destroy('the board answers no more');
    this.#unanswered += 1;
    this.#ask(QUESTIONS.version);
  }

  /** Not by firmata-io, which keeps a listener for every question until one is answered. */
  #ask(question: readonly number[]): void {
    this.#link?.write(Buffer.from(question));
  }

  #received(bytes: Uint8Array): void {
    if (this.#ended) return;
    const { messages, faults } = this.#gate.push(bytes);
    // A board that boots sends a few wild bytes; they matter once its readings count.
    if (faults > 0 && this.#ready) this.#events.noise();
    for (const message of messages) {
      // A late answer, or nobody asked: firmata-io would add the same pins to its list each time.
      if (this.#ready && isOfHandshake(message)) continue;
      try {
        this.#transport.emit('data', message);
      } catch (error) {
        // firmata-io throws on well-formed messages that name pins it does not know.
        return this.destroy(`the board sent nonsense: ${(error as Error).message}`);
      }
    }
  }

  #finish(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#clearTimers();
    this.#firmata?.removeAllListeners();
    this.#transport.removeAllListeners();
    this.#events.ended(this.#reason ?? reason);
  }

  #clearTimers(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#deadline);
  }
}
