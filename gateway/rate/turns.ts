/** Work on one thing goes one after the other; on different things, side by side. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Works when whoever came before has ended, however they ended. */
  async take<T>(thing: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(thing) ?? Promise.resolve()).then(work, work);
    this.#last.set(thing, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(thing) === turn) this.#last.delete(thing);
    }
  }
}
