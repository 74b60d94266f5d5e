/** The codes of this terminal's services: the address a phone opens, made with every network down. */
import { makeReceiptToken, receiptUrl, type Suite } from '../../protocol/index.js';
import type { ReceiptKey } from './receipt-key.js';

export interface ReceiptCodesParts {
  readonly suite: Suite;
  readonly terminalNumber: number;
  readonly key: ReceiptKey;
  /** Where the citizen's page is; the token follows after a slash. */
  readonly url: string;
}

export class ReceiptCodes {
  readonly #parts: ReceiptCodesParts;

  constructor(parts: ReceiptCodesParts) {
    this.#parts = parts;
  }

  /** The address for a service that was opened at `openedAtMs`; the same whenever it is asked. */
  urlOf(serviceId: string, openedAtMs: number): string {
    const { suite, terminalNumber, key, url } = this.#parts;
    const token = makeReceiptToken(suite, { terminalNumber, ...key, serviceId, nowMs: openedAtMs });
    return receiptUrl(url, token);
  }
}
