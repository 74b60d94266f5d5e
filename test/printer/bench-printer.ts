/** A driver on a peer, the slips that tests print, and a witness of what the driver tells. */
import { onTestFinished, vi } from 'vitest';
import { EscposPrinter } from '../../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../../hw/escpos/printer-address.js';
import type { PrinterStatus, Slip, SlipLine } from '../../hw/ports/receipt-printer.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';
import {
  parsePrinterProfile,
  type PrinterProfile,
  type PrinterProfileInput,
} from '../../hw/profiles/printer-profile.js';
import { startPeer, type EscposPeer } from './escpos-peer.js';

export const QUICK_PROFILE: PrinterProfile = {
  ...loadPrinterProfile('escpos-58'),
  status: { realTime: true, confirm: 'gs-r', automatic: false, pollMs: 100 },
  timeouts: { answerMs: 100, settleMs: 150, acceptMs: 1_000, confirmMs: 20_000 },
};

export function profileWith(change: Partial<PrinterProfileInput>): PrinterProfile {
  return parsePrinterProfile({ ...QUICK_PROFILE, ...change });
}

export const RECEIPT_URL = `https://pjq.hall.example.gov.cn/r/${'A'.repeat(66)}`;

const text = (words: string, align: 'left' | 'center', size: 1 | 2 = 1, bold = false): SlipLine => ({
  kind: 'text',
  text: words,
  align,
  size,
  bold,
});

/** The slip that a citizen gets: title, hall, window, matter, case number, staff number, date, QR, two lines. */
export const RECEIPT: Slip = {
  lines: [
    text('甘孜州政务服务中心', 'center'),
    text('受理回执', 'center', 2, true),
    { kind: 'rule' },
    { kind: 'pair', left: '事项', right: '居民身份证换领' },
    { kind: 'pair', left: '办件编号', right: '513300202611210001' },
    { kind: 'pair', left: '窗口', right: '12' },
    { kind: 'pair', left: '工号', right: '0231' },
    { kind: 'pair', left: '办理时间', right: '2026-11-21 09:30' },
    { kind: 'rule' },
    text('请扫码评价本次服务', 'center', 1, true),
    { kind: 'qr', text: RECEIPT_URL },
    text('评价内容对窗口人员保密', 'center'),
    text('工本费￥20，凭此回执领取证件', 'center'),
  ],
};

/** A slip with a word of its own, to tell it from others. */
export function slipSaying(words: string): Slip {
  return { lines: [text(words, 'left'), { kind: 'qr', text: RECEIPT_URL }] };
}

export function driverAt(port: number, profile: PrinterProfile = QUICK_PROFILE) {
  const told: PrinterStatus[] = [];
  const printer = new EscposPrinter({
    profile,
    address: parsePrinterAddress(`tcp://127.0.0.1:${port}`),
    nextDelayMs: () => 20,
  });
  printer.start({ status: (status) => told.push(status) });
  onTestFinished(() => printer.stop());
  return { printer, told };
}

export async function startPrinter(profile: PrinterProfile = QUICK_PROFILE) {
  const { peer, port } = await startPeer();
  const { printer, told } = driverAt(port, profile);
  await serves(printer);
  return { peer, port, printer, told };
}

export function serves(printer: EscposPrinter): Promise<unknown> {
  return until(() => printer.status.link === 'connected');
}

export function until(condition: () => boolean): Promise<unknown> {
  return vi.waitFor(
    () => {
      if (!condition()) throw new Error(`not yet: ${condition.toString()}`);
    },
    { timeout: 10_000, interval: 5 },
  );
}

export function rowsOf(peer: EscposPeer, slip: number): readonly string[] {
  return peer.slips[slip]?.rows ?? [];
}
