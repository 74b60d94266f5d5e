/**
 * One connection to a key box, from its opening to its end: frames in, commands out, and the question that finds out
 * that nobody answers any more. It is never used twice; the next connection is a new one.
 */
import { openByteLink, type ByteLink, type LinkAddress } from '../link/byte-link.js';
import { hexBytes, type SerialKeypadProfile } from '../profiles/serial-keypad-profile.js';
import { encodeFrame } from './frame-form.js';
import { FrameReader, type Heard } from './frame-reader.js';
import { wordsOf, type KeypadWords, type Word } from './keypad-words.js';

export interface KeypadSessionEvents {
  /** The box answers; where it cannot, the port is open. Nothing else but `ended` comes before it. */
  ready(): void;
  /** A frame of a key, or the box has started anew. */
  heard(word: Extract<Word, { kind: 'key' | 'started' }>): void;
  /** Bytes came that are no frame. */
  noise(): void;
  /** All bytes that came so far have been told as what they are. */
  settled(): void;
  /** Once, and the last. */
  ended(reason: string): void;
}

export class KeypadSession {
  readonly #profile: SerialKeypadProfile;
  readonly #address: LinkAddress;
  readonly #events: KeypadSessionEvents;
  readonly #words: KeypadWords;
  readonly #reader: FrameReader;
  #link: ByteLink | undefined;
  #ready = false;
  #ended = false;
  #unheard = 0;
  #heartbeat: NodeJS.Timeout | undefined;
  #gap: NodeJS.Timeout | undefined;
  #reason: string | undefined;

  constructor(profile: SerialKeypadProfile, address: LinkAddress, events: KeypadSessionEvents) {
    this.#profile = profile;
    this.#address = address;
    this.#events = events;
    this.#words = wordsOf(profile);
    this.#reader = new FrameReader(profile.frames, this.#words.payloads);
  }

  start(): void {
    this.#link = openByteLink(this.#address, {
      opened: () => this.#opened(),
      received: (bytes) => this.#received(bytes),
      closed: (reason) => this.#finish(reason),
    });
  }

  /** Whether bytes have come of which it is not known yet what they are. */
  get midFrame(): boolean {
    return this.#reader.pending > 0;
  }

  /** Sends the commands in one piece. `written`: the operating system has taken them; not when the link breaks. */
  say(commands: readonly string[], written: () => void): void {
    const bytes = commands.flatMap((command) => encodeFrame(this.#profile.frames, hexBytes(command)));
    this.#link?.write(Buffer.from(bytes), written);
  }

  /** Sends what was said, then ends the session for a reason of ours; `ended` follows. */
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
    const { heartbeat } = this.#profile;
    if (!heartbeat) return this.#becomeReady();
    this.#heartbeat = setInterval(() => this.#beat(), heartbeat.everyMs);
    this.#ask();
  }

  #beat(): void {
    const most = this.#profile.heartbeat?.misses ?? Infinity;
    this.#unheard += 1;
    if (this.#unheard >= most)
      return this.destroy(this.#ready ? 'the box answers no more' : 'nothing on the line answers as this box does');
    this.#ask();
  }

  #ask(): void {
    const ask = this.#profile.heartbeat?.ask ?? null;
    if (ask !== null) this.say([ask], () => undefined);
  }

  #becomeReady(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#events.ready();
  }

  #received(bytes: Uint8Array): void {
    clearTimeout(this.#gap);
    this.#take(this.#reader.push(bytes));
    if (this.#ended || !this.midFrame) return;
    this.#gap = setTimeout(() => this.#afterGap(), this.#profile.gapMs);
  }

  /** A busy program hears its timers before bytes that came long ago: those are let in first. */
  #afterGap(): void {
    const gap = this.#gap;
    setImmediate(() => {
      if (gap === this.#gap && !this.#ended) this.#take(this.#reader.quiet());
    });
  }

  #take(heard: readonly Heard[]): void {
    for (const one of heard) {
      if (this.#ended) return;
      if (one.kind === 'noise') this.#noise();
      else this.#understand(this.#words.meaning(one.payload));
    }
    if (!this.#ended && !this.midFrame) this.#events.settled();
  }

  /** A box that is found sends a few wild bytes; they matter once its keys count. */
  #noise(): void {
    if (this.#ready) this.#events.noise();
  }

  /** A well-formed frame that the profile does not name says that somebody is there, not that it is this box. */
  #understand(word: Word | undefined): void {
    if (!word) return;
    this.#unheard = 0;
    this.#becomeReady();
    if (word.kind === 'key' || word.kind === 'started') this.#events.heard(word);
  }

  #finish(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#gap);
    this.#events.ended(this.#reason ?? reason);
  }
}
