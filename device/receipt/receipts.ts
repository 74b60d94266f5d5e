/** The receipts of a terminal, put together: its key and codes, and the printer with its desk where there is one. */
import { join } from 'node:path';
import type { ReceiptPrinter } from '../../hw/ports/receipt-printer.js';
import type { TerminalPolicy } from '../../protocol/index.js';
import { nodeSuite, systemClock } from '../../protocol/runtime/node-suite.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import type { DeviceConfiguration } from '../configuration.js';
import { systemTimers } from '../timers.js';
import type { HallFacts } from '../hall-file.js';
import type { PartFaults } from '../log/part-faults.js';
import type { TerminalLog } from '../log/terminal-log.js';
import { ReceiptCodes } from './receipt-codes.js';
import { ReceiptDesk } from './receipt-desk.js';
import { openReceiptKey, RECEIPT_KEY_FILE } from './receipt-key.js';

export interface Receipts {
  /** `null`: no address for the phone is configured. */
  readonly codes: ReceiptCodes | null;
  /** `null`: nothing is printed here. */
  readonly desk: ReceiptDesk | null;
  /** The policy as this terminal can keep it: without a printer or a code nothing is printed by itself. */
  able(policy: TerminalPolicy): TerminalPolicy;
}

export function receiptsOf(
  config: Pick<DeviceConfiguration, 'dataDir' | 'receipt'>,
  parts: {
    readonly printer: { readonly port: ReceiptPrinter; readonly tells: boolean } | null;
    readonly log: TerminalLog;
    readonly logger: Logger;
    readonly faults: PartFaults;
    readonly facts: HallFacts;
    readonly policy: () => TerminalPolicy;
    /** IANA name. */
    readonly timeZone: string;
  },
): Receipts {
  const { printer, log, logger, faults, facts, policy, timeZone } = parts;
  const codes =
    config.receipt === undefined
      ? null
      : new ReceiptCodes({
          suite: nodeSuite,
          key: openReceiptKey(join(config.dataDir, RECEIPT_KEY_FILE)),
          ...config.receipt,
        });
  const desk =
    codes === null || printer === null
      ? null
      : new ReceiptDesk({
          printer: printer.port,
          printerTells: printer.tells,
          log,
          book: log,
          clock: systemClock,
          timers: systemTimers,
          logger,
          faults,
          facts,
          policy,
          urlOf: (serviceId, openedAtMs) => codes.urlOf(serviceId, openedAtMs),
          dateText: dateTextIn(timeZone),
        });
  return { codes, desk, able: (wanted) => (desk === null ? withoutSlips(wanted) : wanted) };
}

function withoutSlips(policy: TerminalPolicy): TerminalPolicy {
  return { ...policy, receipt: { ...policy.receipt, onOpen: false, onLater: false, onUnrated: false } };
}

/** `2026-11-21 09:30`. */
function dateTextIn(timeZone: string): (wallMs: number) => string {
  // Of all locales the Swedish one writes ISO 8601.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (wallMs) => format.format(wallMs);
}
