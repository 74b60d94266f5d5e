/**
 * What the page of a window's fixed code asks of the hall (D §13): a case number and something that only the one who
 * was served knows are exchanged for a pass, which then stands where a receipt's code stands (`RateDoor`).
 */
import type { Caller } from './rate-door.js';

/** What is asked beside the case number. */
export type SecondFactor = 'phone-last-four' | 'sms-code';

/** As it was typed; blanks and full-width digits are the page's least concern. */
export interface WindowEntry {
  readonly caseNo: string;
  /** The last four digits of the registered phone, or the code that came by SMS. */
  readonly factor: string;
}

export interface WindowPass {
  readonly pass: string;
  /** When it is good no longer, ms since 1970. */
  readonly untilMs: number;
}

/** Every answer, also a refusal, comes after the same time, whether there is such a case or not. */
export interface WindowDoor {
  readonly asks: SecondFactor;
  /**
   * Sends a code to the registered phone, if there is such a case at this window and it has one. Nobody is told which.
   * @throws PjqError `window-code-locked`, `request-malformed` where no codes are sent.
   */
  sendCode(window: string, caseNo: string, caller: Caller): Promise<void>;
  /**
   * @throws PjqError `window-code-refused` (no such case here, another second factor, its days over: nobody is told
   *   which), `window-code-locked`.
   */
  enter(window: string, entry: WindowEntry, caller: Caller): Promise<WindowPass>;
}
