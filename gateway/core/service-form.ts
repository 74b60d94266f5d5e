/**
 * What a service stands for: one case, a batch of cases of one matter, or a theme of several matters (S §20), a first
 * service or a follow-up, and whom its rating belongs to (D §9). Pure checks of what was asked.
 */
import { z } from 'zod';
import {
  caseNoSchema,
  MAX_CASES,
  serviceFormSchema,
  serviceIdSchema,
  type Matter,
  type ServiceCase,
  type ServiceMore,
  type Stage,
} from '../../protocol/index.js';
import type { Fault } from './request-fault.js';

/** As JSON in UTF-8: with the rest of the request they must fit into one entry of the log. */
const MAX_CASES_BYTES = 6 * 1024;

const caseSchema = z.strictObject({
  caseNo: caseNoSchema,
  matter: z
    .strictObject({ code: z.string().min(1).max(64).optional(), label: z.string().min(1).max(60).optional() })
    .optional(),
});

/** The part of an open request that says it; every key may be left out. */
export const formRequestShape = {
  form: serviceFormSchema
    .optional()
    .describe('batch: several cases of one matter; theme: of several matters; rated once for all of them (S §20)'),
  cases: z
    .array(caseSchema)
    .min(2)
    .max(MAX_CASES)
    .optional()
    .describe('of a batch or a theme: every case, caseNo among them; of a theme each with its matter'),
  followsUp: serviceIdSchema
    .optional()
    .describe('a follow-up rating (追评) after rectification: the first service of the same case and stage'),
  handedOver: z
    .boolean()
    .optional()
    .describe(
      'comprehensive window (D §9): true after the hand-over, the rating then belongs to the department; false before it, to the window; left out: as the policy says for the stage',
    ),
  department: z
    .string()
    .min(1)
    .max(32)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'must not hold control characters')
    .optional()
    .describe("who owns the matter: 18-character unified social credit code, or the hall's own"),
};

/** What the checks look at. */
export interface FormRequest {
  readonly caseNo: string;
  readonly stage: Stage;
  readonly matter?: Matter | undefined;
  readonly form?: ServiceMore['form'];
  readonly cases?: readonly ServiceCase[] | undefined;
  readonly followsUp?: string | undefined;
  readonly handedOver?: boolean | undefined;
  readonly department?: string | undefined;
}

/** Every combination that means nothing, with its path. */
export function formFaults(request: FormRequest): Fault[] {
  return [...casesFaults(request), ...handOverFaults(request)];
}

/** What the own log and the record keep of it: `undefined` for a single first service by the policy. */
export function serviceMoreOf(request: FormRequest): ServiceMore | undefined {
  const { caseNo, form, cases, followsUp, handedOver, department } = request;
  const more: ServiceMore = {
    ...(form === undefined || form === 'single' ? {} : { form }),
    ...(cases === undefined ? {} : { cases: firstOf(caseNo, cases) }),
    ...(followsUp === undefined ? {} : { assessNumber: 2 as const, followsUp }),
    ...(handedOver === undefined ? {} : { attributedTo: handedOver ? ('department' as const) : ('window' as const) }),
    ...(department === undefined ? {} : { department }),
  };
  return Object.keys(more).length === 0 ? undefined : more;
}

/** One text for all that ask the same, whatever the order of their keys. */
export function canonicalMore(more: ServiceMore | undefined): string {
  if (more === undefined) return '';
  const { form, cases, assessNumber, followsUp, attributedTo, department } = more;
  return JSON.stringify([
    form ?? null,
    cases?.map(({ caseNo, matter }) => [caseNo, matter?.code ?? null, matter?.label ?? null]) ?? null,
    assessNumber ?? null,
    followsUp ?? null,
    attributedTo ?? null,
    department ?? null,
  ]);
}

function casesFaults({ caseNo, matter, form = 'single', cases }: FormRequest): Fault[] {
  if (cases === undefined)
    return form === 'single' ? [] : [{ path: 'cases', reason: `must be given where form is ${form}` }];
  if (form === 'single') return [{ path: 'form', reason: 'must be batch or theme where cases are given' }];
  const faults: Fault[] = [];
  if (!cases.some((one) => one.caseNo === caseNo)) faults.push({ path: 'cases', reason: 'must hold caseNo' });
  const seen = new Set<string>();
  for (const [index, one] of cases.entries()) {
    if (seen.has(one.caseNo)) faults.push({ path: `cases.${index}.caseNo`, reason: 'stands here twice' });
    seen.add(one.caseNo);
  }
  if (utf8Length(JSON.stringify(cases)) > MAX_CASES_BYTES)
    faults.push({ path: 'cases', reason: `must be at most ${MAX_CASES_BYTES} bytes as JSON` });
  faults.push(...(form === 'batch' ? batchFaults(matter, cases) : themeFaults(cases)));
  return faults;
}

/** A batch is of one matter: what names another one is wrong; what names none is of it. */
function batchFaults(matter: Matter | undefined, cases: readonly ServiceCase[]): Fault[] {
  const faults: Fault[] = [];
  for (const key of ['code', 'label'] as const) {
    const one = matter?.[key] ?? cases.find((other) => other.matter?.[key] !== undefined)?.matter?.[key];
    for (const [index, other] of cases.entries()) {
      const named = other.matter?.[key];
      if (named !== undefined && named !== one)
        faults.push({ path: `cases.${index}.matter.${key}`, reason: 'a batch is of one matter; several are a theme' });
    }
  }
  return faults;
}

function themeFaults(cases: readonly ServiceCase[]): Fault[] {
  const faults: Fault[] = [];
  const names = cases.map(({ matter }) => matter?.code ?? matter?.label);
  for (const [index, name] of names.entries())
    if (name === undefined)
      faults.push({ path: `cases.${index}.matter`, reason: 'must have code or label where form is theme' });
  if (faults.length === 0 && new Set(names).size < 2)
    faults.push({ path: 'cases', reason: 'a theme is of several matters; cases of one matter are a batch' });
  return faults;
}

/** S §18: at its intake a case is with the receiving window still, and its rating is of that window. */
function handOverFaults({ stage, handedOver, department }: FormRequest): Fault[] {
  if (handedOver !== true) return [];
  const faults: Fault[] = [];
  if (stage === 'intake')
    faults.push({ path: 'handedOver', reason: 'an intake is rated before the hand-over, for the window' });
  if (department === undefined) faults.push({ path: 'department', reason: 'must be given after the hand-over' });
  return faults;
}

function firstOf(caseNo: string, cases: readonly ServiceCase[]): ServiceCase[] {
  return [...cases.filter((one) => one.caseNo === caseNo), ...cases.filter((one) => one.caseNo !== caseNo)];
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
