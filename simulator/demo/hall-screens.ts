/**
 * The citizens' screens as something that can be pulled out. A screen is wherever a counter's kiosk page is open:
 * in the demo's page, which shows it in a frame and takes the frame away, and in the hand's own browser.
 */
import { PjqError } from '../../protocol/index.js';
import type { DemoHall } from './demo-hall.js';
import type { SwitchState } from './hall-wires.js';
import type { KioskHand } from './kiosk-hand.js';

export interface HallScreensParts {
  readonly hall: DemoHall;
  readonly hand: KioskHand | undefined;
  /** Whether the demo has a page, with the screens in it. */
  readonly hasPage: boolean;
  /** Whether somebody has that page open now. */
  readonly watched: () => boolean;
}

export class HallScreens {
  readonly #parts: HallScreensParts;
  readonly #cut = new Set<number>();

  constructor(parts: HallScreensParts) {
    this.#parts = parts;
  }

  /**
   * Takes a counter's screen away or puts it back; where nobody has the demo's page open, the hand shows it.
   * @throws PjqError `terminal-unknown`; `screen-lost` where nothing here can show a screen; `unreachable`.
   */
  async set(number: number, state: SwitchState): Promise<void> {
    const { hall, hand, hasPage, watched } = this.#parts;
    const counter = hall.counters.find(({ place }) => place.number === number);
    if (counter === undefined) throw new PjqError('terminal-unknown', `The demo has 1 to ${hall.counters.length}.`);
    if (hand === undefined && !hasPage)
      throw new PjqError('screen-lost', 'There is no Chromium here, and no page that could show it.');
    if (state === 'cut') {
      this.#cut.add(number);
      await hand?.hide(number);
      return;
    }
    this.#cut.delete(number);
    if (hand === undefined || watched()) return;
    const { kiosk } = counter.door.pages();
    try {
      await hand.show(number, kiosk);
    } catch (cause) {
      throw new PjqError('screen-lost', 'Chromium could not show it.', { cause });
    }
  }

  state(number: number): SwitchState {
    return this.#cut.has(number) ? 'cut' : 'on';
  }

  /** @throws PjqError `screen-lost` while the counter's screen is out. */
  refuseCut(number: number): void {
    if (this.#cut.has(number)) throw new PjqError('screen-lost', 'Its switch is cut.');
  }
}
