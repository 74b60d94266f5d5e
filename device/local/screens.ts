/** Gathers what the two pages show from the parts that know it. */
import type { LinkState } from '../../hw/ports/counter-board.js';
import type { TerminalPolicy } from '../../protocol/index.js';
import type { Counter } from '../counter/counter.js';
import type { HallFacts } from '../hall-file.js';
import type { ServiceBook } from '../log/service-book.js';
import { codePicture, type CodePicture } from '../receipt/code-picture.js';
import type { ReceiptCodes } from '../receipt/receipt-codes.js';
import type { ReceiptDesk } from '../receipt/receipt-desk.js';
import type { SelfCheck } from '../self-check/self-check.js';
import type { SelfCheckView } from '../self-check/self-check-view.js';
import { deskView, type DeskView } from './desk-view.js';
import { kioskView, SealedChoice, type KioskView, type PartState } from './kiosk-view.js';
import type { Seal } from './seal.js';

/** As many as fit on the page. */
const RECENT_SERVICES = 20;

const NO_CHECK: SelfCheckView = {
  last: { result: 'missing', since: 0, staffNo: null, reason: null, items: [] },
  running: null,
};

export interface ScreensParts {
  readonly counter: Counter;
  readonly book: ServiceBook;
  readonly facts: HallFacts;
  readonly policy: () => TerminalPolicy;
  readonly window: () => string | undefined;
  /** `null`: no address for the phone is configured. */
  readonly codes: ReceiptCodes | null;
  /** `null`: there is no printer. */
  readonly receipts: ReceiptDesk | null;
  /** The hall's, IANA name. */
  readonly timeZone: string;
  readonly network: () => LinkState;
  readonly backlog: () => number;
  /** What is not given here is absent at this terminal. */
  readonly screen?: () => LinkState;
  readonly keypad?: () => LinkState | 'absent';
  readonly sound?: () => LinkState | 'absent';
  /** The printer's fault besides paper and cable; see `DeskView`. */
  readonly printerFault?: () => DeskView['printerFault'];
  /** The keys of a USB keypad, where there is one. */
  readonly keypadKeys?: KioskView['keypad'];
  readonly selfCheck?: Pick<SelfCheck, 'view' | 'kioskView'>;
}

export class Screens {
  readonly #parts: ScreensParts;
  #picture: { readonly serviceId: string; readonly code: CodePicture } | undefined;
  #calmBacklog = 0;

  constructor(parts: ScreensParts) {
    this.#parts = parts;
  }

  /** The citizen's view; what it holds of a level is sealed. */
  kiosk(seal: Seal): () => KioskView {
    const { counter, policy, facts, window, timeZone, receipts, keypad, keypadKeys, selfCheck } = this.#parts;
    const sealed = new SealedChoice((value) => seal.close(value));
    return () => {
      const { board, keys } = counter.health();
      return kioskView({
        snapshot: counter.snapshot(),
        policy: policy(),
        facts,
        window: window(),
        timeZone,
        keys: keysShown(board === 'connected' ? keys : board, keypad?.() ?? 'absent'),
        printer: this.#printer(),
        codeOf: (serviceId) => this.#codeOf(serviceId),
        slipOf: (serviceId) => receipts?.slipOf(serviceId) ?? null,
        choice: sealed.of(counter.choice()),
        questions: counter.questions(),
        keypad: keypadKeys ?? null,
        selfCheck: selfCheck?.kioskView() ?? null,
      });
    };
  }

  desk(): DeskView {
    const { counter, book, facts, window, receipts, network, screen, keypad, sound, printerFault, selfCheck } =
      this.#parts;
    const { board, keys, log } = counter.health();
    const pad = keypad?.() ?? 'absent';
    return deskView({
      snapshot: counter.snapshot(),
      facts,
      window: window(),
      recent: book.recentServices(RECENT_SERVICES),
      parts: {
        board,
        keys: keys === 'absent' ? pad : keys,
        log,
        network: network(),
        printer: this.#printer(),
        screen: screen?.() ?? 'absent',
        keypad: pad,
        sound: sound?.() ?? 'absent',
      },
      paper: receipts === null ? 'absent' : receipts.status.paper,
      printerFault: printerFault?.() ?? null,
      backlog: this.calmBacklog(),
      selfCheck: selfCheck?.view() ?? NO_CHECK,
    });
  }

  /** Entries on their way, as staff may see them: a press adds one, so during a session the number stands still (I6). */
  calmBacklog(): number {
    const { state } = this.#parts.counter.snapshot();
    if (state !== 'invited' && state !== 'pressed') this.#calmBacklog = this.#parts.backlog();
    return this.#calmBacklog;
  }

  #printer(): PartState {
    return this.#parts.receipts?.status.link ?? 'absent';
  }

  #codeOf(serviceId: string): CodePicture | null {
    const { codes, book } = this.#parts;
    if (codes === null) return null;
    if (this.#picture?.serviceId !== serviceId) {
      const service = book.service(serviceId);
      if (service === null) return null;
      this.#picture = { serviceId, code: codePicture(codes.urlOf(serviceId, service.openedAtMs)) };
    }
    return this.#picture.code;
  }
}

/** A citizen has keys while either of board and keypad has them. */
function keysShown(board: PartState, keypad: PartState): PartState {
  return keypad === 'connected' || board === 'absent' ? keypad : board;
}
