/** A receipt printer as data: its paper, which commands it knows, what it can tell, and the times. */
import { z } from 'zod';
import { parseProfile } from './profile-document.js';

const statusSchema = z.strictObject({
  realTime: z.boolean().default(true).describe('answers DLE EOT 1 to 4'),
  confirm: z
    .enum(['gs-r', 'none'])
    .default('gs-r')
    .describe('gs-r: GS r 1 is answered in buffer order, so its answer says that all before it was processed'),
  automatic: z
    .boolean()
    .default(false)
    .describe('GS a: tells every change by itself at once (four bytes); set only where the printer does so'),
  pollMs: z.int().min(100).max(60_000).default(2_000).describe('the status is asked for this often, ms'),
});

const serialSchema = z.strictObject({
  baud: z.int().min(1_200).max(921_600).default(9_600).describe('of a serial address that names none'),
  flow: z
    .enum(['none', 'xon-xoff', 'rts-cts'])
    .default('none')
    .describe(
      'who stops the sender on a serial line, where the address does not say: as the printer is set (DIP switch)',
    ),
});

const timeoutsSchema = z.strictObject({
  answerMs: z.int().min(50).max(10_000).default(1_000).describe('a status question is unanswered after this, ms'),
  settleMs: z
    .int()
    .min(50)
    .max(60_000)
    .default(5_000)
    .describe('how long a printer may take over what it held before a connection, ms; then it is taken for stuck'),
  acceptMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(30_000)
    .describe('a printer that cannot confirm must have taken all bytes of a slip after this, ms'),
  confirmMs: z
    .int()
    .min(100)
    .max(3_600_000)
    .default(600_000)
    .describe('a slip is given up as unknown when it is not confirmed after this (paper may be out meanwhile), ms'),
});

const shape = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be words of a-z and 0-9 joined by hyphens')
    .max(64),
  description: z.string().max(200).default(''),
  columns: z.int().min(16).max(96).describe('ASCII characters on a row; a Chinese character takes two'),
  dotsPerLine: z.int().min(128).max(1_664).describe('printable dots across'),
  lineDots: z.int().min(16).max(64).default(30).describe('dots that a line feed moves the paper'),
  font: z
    .enum(['gbk', 'ascii'])
    .default('gbk')
    .describe('characters in the ROM of the printer; rows with others are drawn as a picture'),
  encoding: z.enum(['gb18030', 'gbk']).default('gb18030').describe('encoding of text'),
  kanji: z
    .enum(['fs-amp', 'always'])
    .default('fs-amp')
    .describe('fs-amp: Chinese needs FS & first; always: the printer knows no other mode'),
  position: z
    .enum(['esc-dollar', 'spaces'])
    .default('esc-dollar')
    .describe('how the right text of a pair gets to its place; esc-dollar is shorter'),
  cutter: z.enum(['full', 'partial', 'none']).describe('the cut at the end of a slip'),
  feedBeforeCut: z.int().min(0).max(20).default(3).describe('lines from the print head to the cutter or the tear bar'),
  qr: z.enum(['command', 'raster']).default('command').describe('QR by GS ( k, or drawn by us as a raster (longer)'),
  qrLevel: z.enum(['L', 'M', 'Q', 'H']).default('M').describe('error correction of QR codes'),
  qrModuleDots: z
    .int()
    .min(2)
    .max(16)
    .default(6)
    .describe('most dots of a QR module; fewer where the code is too wide'),
  serial: serialSchema.default({ baud: 9_600, flow: 'none' }),
  status: statusSchema.default({ realTime: true, confirm: 'gs-r', automatic: false, pollMs: 2_000 }),
  timeouts: timeoutsSchema.default({ answerMs: 1_000, settleMs: 5_000, acceptMs: 30_000, confirmMs: 600_000 }),
});

export const printerProfileSchema = shape.superRefine((profile, context) => {
  if (profile.dotsPerLine % profile.columns !== 0) {
    context.addIssue({
      code: 'custom',
      path: ['columns'],
      message: `must divide dotsPerLine (${profile.dotsPerLine}): a column is a whole number of dots`,
    });
  }
});

export type PrinterProfile = z.infer<typeof printerProfileSchema>;
/** A profile as a person writes it: what has a default may be left out. */
export type PrinterProfileInput = z.input<typeof printerProfileSchema>;

/** @throws ProfileError with every fault of the value. */
export function parsePrinterProfile(value: unknown): PrinterProfile {
  return parseProfile(printerProfileSchema, value, 'printer');
}
