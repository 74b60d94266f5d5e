/** How a button box finds its commands among the bytes that it hears: any byte that begins none is let go. */
import { boxBytes, type BoxCommand } from './box-forms.js';

export class CommandEar {
  readonly #commands: readonly { readonly bytes: Uint8Array; readonly command: BoxCommand }[];
  #held: number[] = [];

  constructor(commands: readonly BoxCommand[]) {
    this.#commands = commands.map((command) => ({ bytes: boxBytes(command.frame), command }));
  }

  hear(chunk: Uint8Array): BoxCommand[] {
    const heard: BoxCommand[] = [];
    for (const byte of chunk) {
      this.#held.push(byte);
      for (;;) {
        const possible = this.#commands.filter(({ bytes }) => this.#held.every((held, index) => held === bytes[index]));
        const whole = possible.find(({ bytes }) => bytes.length === this.#held.length);
        if (whole) {
          heard.push(whole.command);
          this.#held = [];
        }
        if (possible.length > 0 || this.#held.length === 0) break;
        this.#held.shift();
      }
    }
    return heard;
  }

  forget(): void {
    this.#held = [];
  }
}
