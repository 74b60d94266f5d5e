/** What the terminal's log knows of its services and their slips: projections, written with the entries they are of. */
import type { ReceiptOccasion, ServiceFacts } from '../../protocol/index.js';

export interface KnownService {
  readonly facts: ServiceFacts;
  readonly window: string | null;
  readonly staffNo: string | null;
  readonly openedAtMs: number;
  /** `null` while its session is open. */
  readonly endedAtMs: number | null;
  readonly rated: boolean;
}

/** A slip that is to be printed. */
export interface ReceiptJob {
  readonly serviceId: string;
  readonly copy: number;
  readonly occasion: ReceiptOccasion;
  readonly queuedAtMs: number;
  /** How often bytes of it may have reached paper without anybody knowing. */
  readonly doubts: number;
}

export interface ServiceBook {
  service(serviceId: string): KnownService | null;
  /** Services whose session has ended, the newest first. */
  recentServices(limit: number): readonly KnownService[];
  /** The oldest slip that is neither printed nor dropped. */
  nextReceipt(): ReceiptJob | null;
  /** How many slips of a service were asked for. */
  receiptCopies(serviceId: string): number;
  /** Bytes of the slip are about to leave: durable when it returns. One that is found so at a start is in doubt. */
  startReceipt(job: ReceiptJob): void;
  /** Not a byte of it has left after all. */
  forgetStart(job: ReceiptJob): void;
}
