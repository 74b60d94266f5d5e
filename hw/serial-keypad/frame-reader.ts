/**
 * Reads frames out of a stream of bytes, however it is cut. Any bytes are taken: what is no frame is told as noise,
 * and reading goes on at the next byte that can begin one. It keeps less than one longest frame. Pure; time is an
 * input: the caller tells when the line has been `quiet` for longer than a frame may pause.
 */
import type { FrameForm } from '../profiles/serial-keypad-profile.js';
import { lookFor, type Look } from './frame-form.js';

export type Heard = { readonly kind: 'frame'; readonly payload: readonly number[] } | { readonly kind: 'noise' };

export class FrameReader {
  readonly #look: Look;
  #held: number[] = [];

  /** @param known all frames that the box may send; only the form `fixed` needs them. */
  constructor(form: FrameForm, known: readonly (readonly number[])[]) {
    this.#look = lookFor(form, known);
  }

  /** How many bytes wait for the rest of their frame. */
  get pending(): number {
    return this.#held.length;
  }

  /** Takes the next bytes. A run of bytes that belong to no frame is one `noise`. */
  push(bytes: Uint8Array): Heard[] {
    const heard: Heard[] = [];
    for (const byte of bytes) {
      this.#held.push(byte);
      this.#read(heard);
    }
    return heard;
  }

  /** No byte has come for so long that what waits is no frame; another may begin inside it. */
  quiet(): Heard[] {
    const heard: Heard[] = [];
    while (this.#held.length > 0) {
      this.#drop(heard);
      this.#read(heard);
    }
    return heard;
  }

  #read(heard: Heard[]): void {
    while (this.#held.length > 0) {
      const sight = this.#look(this.#held);
      if (sight.kind === 'part') return;
      if (sight.kind === 'noise') {
        this.#drop(heard);
      } else {
        heard.push({ kind: 'frame', payload: sight.payload });
        this.#held = this.#held.slice(sight.length);
      }
    }
  }

  #drop(heard: Heard[]): void {
    this.#held.shift();
    if (heard.at(-1)?.kind !== 'noise') heard.push({ kind: 'noise' });
  }
}
