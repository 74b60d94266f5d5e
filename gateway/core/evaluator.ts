/**
 * 评价人: who was served, as the business system says it. It is taken at the gateway only, sealed before it is stored,
 * and told to no terminal (R11, I7).
 */
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import { RequestFault, type Fault } from './request-fault.js';

const WITHOUT_CONTROLS = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u;

export const documentTypeSchema = z.enum(['resident-id', 'passport', 'unified-credit-code', 'other']);
export type DocumentType = z.infer<typeof documentTypeSchema>;

/** Why the person may be written to (personal information protection law, article 13); a word, never a text. */
export const contactBasisSchema = z.enum(['consent', 'contract', 'statutory-duty']);
export type ContactBasis = z.infer<typeof contactBasisSchema>;

/** What a document number of each kind looks like; its check digit is the business system's affair. */
const DOCUMENT_FORMS: Readonly<Record<DocumentType, RegExp>> = {
  'resident-id': /^(?:\d{15}|\d{17}[\dX])$/,
  passport: /^[A-Z0-9]{5,20}$/,
  'unified-credit-code': /^[0-9A-HJ-NPQRTUWXY]{18}$/,
  other: WITHOUT_CONTROLS,
};

const NOBODY = 'must have a name, a document number or a phone number';

export const evaluatorSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(30) // GB/T 39046—2020 table 9: a..30
      .regex(WITHOUT_CONTROLS, 'must not hold control characters')
      .optional()
      .describe('姓名 or the name of the company'),
    documentType: documentTypeSchema.optional().describe('证件类型; other where it is not said'),
    documentNo: z
      .string()
      .min(1)
      .max(64)
      .regex(WITHOUT_CONTROLS, 'must not hold control characters')
      .optional()
      .describe('证件号码, letters in upper case'),
    phone: z
      .string()
      .regex(/^(?:1[3-9]\d{9}|\+[1-9]\d{6,14})$/, 'must be a mainland mobile number, or + and 7 to 15 digits')
      .optional()
      .describe('手机号码'),
    contactBasis: contactBasisSchema
      .optional()
      .describe('on what basis the person may be written to; without one nobody writes'),
  })
  .refine(({ name, documentNo, phone }) => [name, documentNo, phone].some((part) => part !== undefined), {
    message: NOBODY,
  })
  .refine(
    ({ documentType, documentNo }) =>
      documentNo === undefined || DOCUMENT_FORMS[documentType ?? 'other'].test(documentNo),
    { path: ['documentNo'], message: 'is not of the form of its documentType' },
  );
export type Evaluator = z.infer<typeof evaluatorSchema>;

/**
 * Reads the evaluator's part of a request. A fault names its place and the rule, and nothing that was sent: not even
 * an unknown key, which might be a name.
 * @throws RequestFault
 */
export function readEvaluator(value: unknown): Evaluator {
  const parsed = evaluatorSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RequestFault(parsed.error.issues.map(faultOf));
}

function faultOf(issue: z.core.$ZodIssue): Fault {
  const path = ['evaluator', ...issue.path].join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return { path, reason: 'has an unknown key' };
    case 'invalid_type':
      return { path, reason: `must be ${issue.expected === 'object' ? 'an object' : `a ${issue.expected}`}` };
    default:
      return { path, reason: issue.message };
  }
}

/** One text for one evaluator, whatever the order of its keys. */
export function canonicalEvaluator({ name, documentType, documentNo, phone, contactBasis }: Evaluator): string {
  return JSON.stringify([name, documentType, documentNo, phone, contactBasis].map((part) => part ?? null));
}

/** What identifies a person, in the one way in which two of them are compared. */
export interface PersonMark {
  readonly phone?: string;
  readonly documentNo?: string;
}

/** A mainland number is the same with its country code and without. */
export function comparablePhone(phone: string): string {
  const digits = phone.replaceAll(/[\s-]/g, '');
  return /^\+861[3-9]\d{9}$/.test(digits) ? digits.slice(3) : digits;
}

export function comparableDocument(documentNo: string): string {
  return documentNo.replaceAll(/\s/g, '').toUpperCase();
}

/** Whether an evaluator is the person that is looked for: every mark that is given agrees. */
export function isPerson(evaluator: Evaluator, { phone, documentNo }: PersonMark): boolean {
  const { phone: hisPhone, documentNo: hisDocument } = evaluator;
  if (phone === undefined && documentNo === undefined) return false;
  const samePhone =
    phone === undefined || (hisPhone !== undefined && comparablePhone(hisPhone) === comparablePhone(phone));
  const sameDocument =
    documentNo === undefined ||
    (hisDocument !== undefined && comparableDocument(hisDocument) === comparableDocument(documentNo));
  return samePhone && sameDocument;
}

/**
 * A text that is kept in clear beside the data (a purpose) must not name the person that it is about.
 * @throws PjqError `purpose-personal`.
 */
export function refuseNaming(text: string, { name, documentNo, phone }: Evaluator): void {
  // One character names nobody: it is part of any text.
  const parts = [name, documentNo, phone].filter((part) => part !== undefined && part.length > 1);
  if (parts.some((part) => part !== undefined && text.includes(part))) throw new PjqError('purpose-personal');
}
